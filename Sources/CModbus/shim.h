#pragma once
#include <modbus.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>

// glibc declares it under _GNU_SOURCE only, which is not set when Swift reads a header.
extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

// Closed on exec from the start: a child process must not keep a master's connection open.
static inline int greensplit_accept(int listener) {
  return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

static inline int greensplit_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
