#ifndef COMMON_PROCESS_DESCRIPTORS_H
#define COMMON_PROCESS_DESCRIPTORS_H

/*
 * Raises the soft limit of file descriptors to the hard one: the soft one is
 * kept low (1,024 in most shells) for programs that use select(), and ours use
 * none.
 */
void descriptors_raise(void);

#endif
