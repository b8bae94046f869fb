#ifndef COMMON_PROCESS_SD_NOTIFY_H
#define COMMON_PROCESS_SD_NOTIFY_H

/*
 * Tells systemd (Type=notify, notify-reload) how far the program is: state is
 * "READY=1" and the like. Does nothing without NOTIFY_SOCKET; a failure is
 * logged, since the service manager will notice anyway.
 */
void sd_notify_send(const char *state);

#endif
