#ifndef TESTS_UNIT_MIRROR_ANSWERS_H
#define TESTS_UNIT_MIRROR_ANSWERS_H

/* What TMDB says of "Black Mirror", an anthology. With lookup_script.h. */

/* Found by its name. */
#define MIRROR                                                                 \
	"{\"results\":[{\"id\":42009,\"name\":\"Black Mirror\","               \
	"\"first_air_date\":\"2011-12-04\",\"vote_count\":5000}]}"
/* Its details: so they begin; with its seasons. */
#define MIRROR_START "{\"id\":42009,\"name\":\"Black Mirror\","
#define MIRROR_SEASONS                                                         \
	MIRROR_START                                                           \
	"\"seasons\":[{\"season_number\":0,\"air_date\":\"2014-12-16\"},"      \
	"{\"season_number\":1,\"air_date\":\"2011-12-04\"},"                   \
	"{\"season_number\":2,\"air_date\":\"2013-02-11\"},"                   \
	"{\"season_number\":3,\"air_date\":\"2016-10-21\"},"                   \
	"{\"season_number\":4,\"air_date\":\"2017-12-29\"}]}"
/* Appended: these episodes of season 3; what seasons 3 and 4 have. */
#define NOSEDIVE EPISODE("1", "3", "1", "Nosedive", "2016-10-21")
#define SEASON(episodes)                                                       \
	MIRROR_START "\"season/3\":{\"episodes\":[" episodes "]}}"
#define SEASON_3                                                               \
	MIRROR_START                                                           \
	"\"season/3\":{\"episodes\":[" NOSEDIVE "]},"                          \
	"\"season/4\":{\"episodes\":[" EPISODE("7", "4", "1", "USS Callister", \
	                                       "2017-12-29") "]}}"

#endif
