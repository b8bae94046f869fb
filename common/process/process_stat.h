#ifndef COMMON_PROCESS_PROCESS_STAT_H
#define COMMON_PROCESS_PROCESS_STAT_H

/* What Linux says about this process (/proc/self); 0 when it does not say. */

double process_resident_bytes(void);
double process_open_files(void);
double process_max_files(void);
double process_cpu_seconds(void);
/* Since 1970; the same value in each call. */
double process_start_seconds(void);

#endif
