#ifndef COMMON_PROCESS_LOOP_LOG_H
#define COMMON_PROCESS_LOOP_LOG_H

/* From now on what libevent has to say goes through our log. */
void loop_log_begin(void);

#endif
