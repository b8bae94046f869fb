#ifndef COMMON_BASE_BANNED_H
#define COMMON_BASE_BANNED_H

/*
 * Force-included before every file of ours (see CPPFLAGS): the functions below
 * have no bound, no error or no thread safety, so using one does not compile.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok
#undef strtok_r
#undef gets
#undef atoi
#undef atol
#undef atof
#undef gmtime
#undef localtime
#undef ctime
#undef asctime
#undef mktemp
#undef rand
#undef srand

#pragma GCC poison strcpy strcat strncpy strncat
#pragma GCC poison sprintf vsprintf gets
#pragma GCC poison strtok strtok_r
#pragma GCC poison atoi atol atof
#pragma GCC poison gmtime localtime ctime asctime
#pragma GCC poison mktemp rand srand

#endif
