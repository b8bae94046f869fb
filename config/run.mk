# make run: everything on a fresh machine.
