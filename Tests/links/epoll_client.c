/*
 * A plain Modbus TCP client in C on one epoll descriptor and one thread, as the mark for greensplit's
 * own: `make bench-cabinets` runs both against the same simulated cabinets.
 *
 *     epoll_client PORT CABINETS WARM-UP SECONDS PLAN
 *
 * It says on the wire what greensplit says: block "live" of each cabinet once a second; every 30 s an
 * order (block "plan"), then blocks "result" and "active". PLAN is the 90 registers of an order in
 * hexadecimal; the number and the checksum are put in here. Replies are matched by transaction id; a
 * reply that is not whole when the next poll is due, 1 s later, closes the connection, which is tried
 * again after 1, 2, 4 ... 60 s. What it leaves out: it does not look at what the registers say.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 10, SLOTS = 100, PLAN_EVERY = 30, PLAN_BYTES = 180, BATCH = 64 };

/* As in CabinetCrowd.swift: 200 cabinets at each address, by unit. */
enum { UNITS = 200 };
enum kind { HEALTHY, DRIBBLING, SILENT, REFUSING };
enum task { LIVE, ORDER, RESULT, ACTIVE };

struct cabinet {
  int fd;
  int connecting, waiting, planned;
  enum kind kind;
  enum task task;
  uint16_t id;
  uint32_t sequence;
  int got, pause;
  int64_t sent, retry;
  uint8_t in[260];
};

static struct cabinet *cabinets;
static int count, poller, port, measuring;
static uint8_t plan[PLAN_BYTES];
static uint32_t crc_table[256];
static uint32_t *samples;
static size_t sample_count, sample_room;
static long missed, requests;

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static enum kind kind_of(int number) {
  int place = number % 100;
  return place == 0 ? DRIBBLING : place <= 3 ? SILENT : place <= 5 ? REFUSING : HEALTHY;
}

static void put16(uint8_t *at, unsigned value) { at[0] = value >> 8, at[1] = value; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value >> 16), put16(at + 2, value); }

/* CRC-32 of IEEE 802.3. */
static uint32_t crc32(const uint8_t *bytes, int length) {
  uint32_t crc = ~0u;
  for (int i = 0; i < length; i++) crc = crc_table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
  return ~crc;
}

static void lose(struct cabinet *c, int64_t now) {
  if (c->kind == HEALTHY && measuring) missed++;
  if (c->fd >= 0) close(c->fd);
  c->fd = -1;
  c->connecting = c->waiting = 0;
  c->pause = c->pause ? c->pause * 2 : 1;
  if (c->pause > 60) c->pause = 60;
  c->retry = now + c->pause * 1000000000LL;
}

static void ask(struct cabinet *c, enum task task) {
  static const uint16_t block[][2] = {{700, 40}, {400, 90}, {510, 10}, {600, 90}};
  uint8_t out[260];
  int length = 12;
  c->task = task;
  put16(out, ++c->id);
  put16(out + 2, 0);
  out[6] = (c - cabinets) % UNITS + 1;
  out[7] = task == ORDER ? 0x10 : 0x03;
  put16(out + 8, block[task][0]);
  put16(out + 10, block[task][1]);
  if (task == ORDER) {
    uint8_t *registers = out + 13;
    out[12] = PLAN_BYTES;
    memcpy(registers, plan, PLAN_BYTES);
    put32(registers + 8, ++c->sequence);
    put32(registers + 160, crc32(registers, 160));
    put16(registers + 166, 0xA55A ^ (c->sequence & 0xFFFF));
    length = 13 + PLAN_BYTES;
  }
  put16(out + 4, length - 6);
  c->got = 0;
  c->waiting = 1;
  c->sent = now_ns();
  if (send(c->fd, out, length, MSG_NOSIGNAL) != length) lose(c, c->sent);
}

static void begin(struct cabinet *c, int64_t now) {
  int number = c - cabinets, on = 1;
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
  to.sin_addr.s_addr = htonl(c->kind == REFUSING ? 0x7F000201 : 0x7F000101 + number / UNITS);
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c->fd < 0) { perror("socket"), exit(1); }
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  c->connecting = 1;
  c->sent = now;
  if (connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS)
    return lose(c, now);
  struct epoll_event event = {.events = EPOLLOUT, .data.u32 = number};
  epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
}

static void answered(struct cabinet *c) {
  int64_t now = now_ns();
  c->waiting = 0;
  c->pause = 0;
  if (c->kind == HEALTHY && measuring) {
    requests++;
    if (sample_count < sample_room) samples[sample_count++] = (now - c->sent) / 1000;
  }
  if (c->task == LIVE && c->planned) c->planned = 0, ask(c, ORDER);
  else if (c->task == ORDER) ask(c, RESULT);
  else if (c->task == RESULT) ask(c, ACTIVE);
}

static void readable(struct cabinet *c) {
  ssize_t n = recv(c->fd, c->in + c->got, sizeof c->in - c->got, 0);
  if (n <= 0) {
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    return lose(c, now_ns());
  }
  c->got += n;
  if (c->got < 6) return;
  int length = 6 + (c->in[4] << 8 | c->in[5]);
  if (c->in[2] | c->in[3] || length < 8 || length > 260 || c->got > length || !c->waiting)
    return lose(c, now_ns());
  if (c->got < length) return;
  int is_order = c->task == ORDER;
  static const int bytes[] = {80, 0, 20, 180};
  if ((c->in[0] << 8 | c->in[1]) != c->id || c->in[6] != (c - cabinets) % UNITS + 1
      || c->in[7] != (is_order ? 0x10 : 0x03) || (!is_order && c->in[8] != bytes[c->task]))
    return lose(c, now_ns());
  answered(c);
}

static void writable(struct cabinet *c) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error) return lose(c, now_ns());
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = c - cabinets};
  epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
  c->connecting = 0;
  ask(c, LIVE);
}

/* One cabinet's turn of the second. */
static void poll_cabinet(struct cabinet *c, int64_t now, int second) {
  if (c->waiting || c->connecting) {
    /* Begun by a back-off in the middle of the turn, it has its whole second. */
    if (now - c->sent > 950000000LL) lose(c, now);
    return;
  }
  if ((second + (int)(c - cabinets)) % PLAN_EVERY == 0) c->planned = 1;
  if (c->fd >= 0) ask(c, LIVE);
  else if (now >= c->retry) begin(c, now);
}

static double processor_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

static long memory_kb(void) {
  long pages = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2) exit(1);
  fclose(file);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static int ascending(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static void report(double seconds, double processor, long memory) {
  qsort(samples, sample_count, sizeof *samples, ascending);
  uint32_t none = 0, *sorted = sample_count ? samples : &none;
  size_t last = sample_count ? sample_count - 1 : 0;
  printf("requests=%ld missed=%ld median=%u p99=%u most=%u processor=%.3f seconds=%.3f memory=%ld\n",
    requests, missed, sorted[last / 2], sorted[last * 99 / 100], sorted[last], processor, seconds,
    memory);
}

static void serve(int warm_up, int seconds) {
  struct epoll_event events[BATCH];
  int64_t start = now_ns(), begun = 0;
  double processor = 0;
  for (int64_t tick = 0;; tick++) {
    int64_t due = start + tick * TICK_MS * 1000000LL, now = now_ns();
    while (now < due) {
      int n = epoll_wait(poller, events, BATCH, (due - now) / 1000000 + 1);
      for (int i = 0; i < n; i++) {
        struct cabinet *c = cabinets + events[i].data.u32;
        if (c->fd < 0) continue;
        if (c->connecting) writable(c);
        else readable(c);
      }
      now = now_ns();
    }
    int second = tick / SLOTS, slot = tick % SLOTS;
    if (!begun && second == warm_up) measuring = 1, begun = now, processor = processor_seconds();
    if (begun && second == warm_up + seconds)
      return report((now - begun) * 1e-9, processor_seconds() - processor, memory_kb());
    int first = (int64_t)count * slot / SLOTS, end = (int64_t)count * (slot + 1) / SLOTS;
    for (int i = first; i < end; i++) poll_cabinet(cabinets + i, now, second);
  }
}

int main(int argc, char **argv) {
  if (argc != 6 || strlen(argv[5]) != 2 * PLAN_BYTES) {
    fprintf(stderr, "usage: epoll_client PORT CABINETS WARM-UP SECONDS PLAN\n");
    return 2;
  }
  port = atoi(argv[1]);
  count = atoi(argv[2]);
  for (int i = 0; i < PLAN_BYTES; i++) {
    unsigned byte;
    if (sscanf(argv[5] + 2 * i, "%2x", &byte) != 1) return 2;
    plan[i] = byte;
  }
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xEDB88320u ^ crc >> 1 : crc >> 1;
    crc_table[i] = crc;
  }
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  poller = epoll_create1(EPOLL_CLOEXEC);
  cabinets = calloc(count, sizeof *cabinets);
  sample_room = (size_t)count * (atoi(argv[4]) + 1) * 2;
  samples = malloc(sample_room * sizeof *samples);
  if (poller < 0 || !cabinets || !samples) return 1;
  for (int i = 0; i < count; i++) cabinets[i].fd = -1, cabinets[i].kind = kind_of(i);
  serve(atoi(argv[3]), atoi(argv[4]));
}
