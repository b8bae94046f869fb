-- Deploy rewatch:episode to pg
-- requires: film_choice
-- requires: film_retry
-- Episodes that are films by themselves ("Black Mirror: Nosedive"). TMDB has
-- no call for an episode by its id: where it is must be known to ask again. A
-- table of its own, since hardly any title is an episode.
BEGIN;

CREATE TABLE episode (
	kind text NOT NULL DEFAULT 'tv_episode' CHECK (kind = 'tv_episode'),
	tmdb_id bigint NOT NULL,
	series_id bigint NOT NULL,
	season integer NOT NULL CHECK (season >= 0),
	number integer NOT NULL CHECK (number >= 0),
	PRIMARY KEY (tmdb_id),
	FOREIGN KEY (kind, tmdb_id) REFERENCES title (kind, tmdb_id)
		ON DELETE CASCADE
);
COMMENT ON TABLE episode IS 'Where a title of the kind tv_episode is; has a row for each of them.';
COMMENT ON COLUMN episode.series_id IS 'TMDB''s id of the series, which need not be a title here.';
COMMENT ON COLUMN episode.season IS '0: the specials.';
COMMENT ON COLUMN title.original_name IS 'An episode: "Series: Episode", as members'' exports call it; name is that of the episode alone.';
GRANT SELECT ON episode TO rewatch_api, rewatch_daemon;
GRANT INSERT, UPDATE, DELETE ON episode TO rewatch_daemon;

-- What stands for its whole series, or for nothing, may be one of them.
INSERT INTO enrich_job (film_id, tag)
SELECT id, first_background_tag()
	+ (extract(epoch FROM now()) * 1000000)::bigint
FROM film
WHERE match_method = 'tv_left'
ON CONFLICT DO NOTHING;
UPDATE film SET match_state = NULL, kind = NULL, tmdb_id = NULL,
	match_method = NULL, confidence = NULL, match_score = NULL,
	matched_at = NULL, version = nextval('film_version')
WHERE match_method = 'tv_left';
UPDATE film SET next_try_at = now()
WHERE match_state = 'not_found' AND title LIKE '%: %';

ALTER TABLE film DROP CONSTRAINT film_letterboxd_ref_check;
ALTER TABLE film ADD CONSTRAINT film_letterboxd_ref_check
	CHECK (letterboxd_ref ~ '^(|boxd:[0-9]{1,19}|slug:[a-z0-9_:-]{1,200}|tmdb:(movie|tv):[0-9]{1,10}|tmdb:tv:[0-9]{1,10}/season/[0-9]{1,5}/episode/[0-9]{1,5}|imdb:tt[0-9]{7,10})$');
COMMENT ON COLUMN film.letterboxd_ref IS 'boxd:N, the decoded film number of a boxd.it link; slug:S of an old long link; empty for a film known by name only. tmdb:KIND:ID, tmdb:tv:ID/season/N/episode/N and imdb:ttN: a title that a member chose; its name is the ref, it has no year and is in no library.';
COMMIT;
