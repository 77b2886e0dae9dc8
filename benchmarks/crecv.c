/* The floor for receiving: what the same work costs in C with nothing else around it.
 *
 *   crecv LIBOPUS STREAMS BASE_PORT STEP SECONDS
 *
 * One UDP socket per stream (ports BASE, BASE + STEP, ...), woken once per 10 ms tick, Opus over RTP
 * put in order by sequence number, played 60 ms late, decoded, gain and place, mixed, clipped.
 * The same libopus file as the engine's, so the codec's speed cancels out. Linux. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RATE = 48000, BLOCK = 480, LONGEST = 5760, SLOTS = 64, WAIT_PACKETS = 3, MTU = 1500 };

typedef void *(*create_fn)(int32_t, int, int *);
typedef int (*decode_fn)(void *, const unsigned char *, int32_t, float *, int, int);

struct slot {
  int filled, size;
  unsigned char payload[MTU];
};

struct stream {
  int socket, started;
  unsigned seen;
  uint16_t next; /* sequence number to play */
  void *decoder;
  float left, right;
  int at, ready; /* what is decoded and not yet played */
  float pcm[LONGEST];
  struct slot slots[SLOTS];
};

static decode_fn decode;
static long decoded, invented, late;

static void fail(const char *what) {
  fprintf(stderr, "crecv: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int listen_on(int port) {
  int one = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(port)};
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (one < 0 || bind(one, (struct sockaddr *)&where, sizeof where)) fail("socket");
  return one;
}

static void take(struct stream *s) {
  unsigned char data[MTU];
  ssize_t size;
  while ((size = recv(s->socket, data, sizeof data, 0)) > 12) {
    uint16_t sequence = (uint16_t)(data[2] << 8 | data[3]);
    struct slot *slot = &s->slots[sequence % SLOTS];
    if (s->started && (int16_t)(sequence - s->next) < 0) {
      late++;
      continue;
    }
    memcpy(slot->payload, data + 12, size - 12);
    slot->size = (int)size - 12;
    slot->filled = 1;
    if (!s->started && ++s->seen == WAIT_PACKETS) {
      s->started = 1;
      s->next = (uint16_t)(sequence - WAIT_PACKETS + 1);
    }
  }
}

static void fetch(struct stream *s) {
  struct slot *slot = &s->slots[s->next++ % SLOTS];
  if (slot->filled) {
    s->ready = decode(s->decoder, slot->payload, slot->size, s->pcm, LONGEST, 0);
    decoded++;
  } else {
    s->ready = decode(s->decoder, NULL, 0, s->pcm, 2 * BLOCK, 0);
    invented++;
  }
  slot->filled = 0;
  s->at = 0;
}

static void play(struct stream *s, float *left, float *right) {
  for (int done = 0; done < BLOCK;) {
    if (s->at >= s->ready) fetch(s);
    if (s->ready <= 0) return;
    int count = s->ready - s->at < BLOCK - done ? s->ready - s->at : BLOCK - done;
    const float *from = s->pcm + s->at;
    for (int i = 0; i < count; i++) {
      left[done + i] += s->left * from[i];
      right[done + i] += s->right * from[i];
    }
    s->at += count;
    done += count;
  }
}

int main(int count, char **words) {
  if (count != 6) return 2;
  int streams = atoi(words[2]), base = atoi(words[3]), step = atoi(words[4]);
  long ticks = (long)(atof(words[5]) * 100);
  void *library = dlopen(words[1], RTLD_NOW);
  if (!library) return fprintf(stderr, "crecv: %s\n", dlerror()), 1;
  create_fn create = (create_fn)dlsym(library, "opus_decoder_create");
  decode = (decode_fn)dlsym(library, "opus_decode_float");
  struct stream *all = calloc(streams, sizeof *all);
  int poll = epoll_create1(0), code;
  if (!all || poll < 0 || !create || !decode) fail("setting up");
  for (int i = 0; i < streams; i++) {
    all[i].socket = listen_on(base + i * step);
    all[i].decoder = create(RATE, 1, &code);
    all[i].left = 0.2f * cosf(i * 0.02f);
    all[i].right = 0.2f * sinf(i * 0.02f);
    struct epoll_event wish = {.events = EPOLLIN, .data.ptr = &all[i]};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, all[i].socket, &wish)) fail("epoll_ctl");
  }
  struct timespec when;
  clock_gettime(CLOCK_MONOTONIC, &when);
  struct epoll_event *ready = calloc(streams, sizeof *ready);
  double sum = 0; /* used, so that nothing is optimised away */
  for (long tick = 0; tick < ticks; tick++) {
    float left[BLOCK] = {0}, right[BLOCK] = {0};
    int found = epoll_wait(poll, ready, streams, 0);
    for (int i = 0; i < found; i++) take(ready[i].data.ptr);
    for (int i = 0; i < streams; i++)
      if (all[i].started) play(&all[i], left, right);
    for (int i = 0; i < BLOCK; i++) {
      left[i] = fmaxf(-1, fminf(1, left[i]));
      right[i] = fmaxf(-1, fminf(1, right[i]));
      sum += left[i] + right[i];
    }
    when.tv_nsec += 10000000;
    if (when.tv_nsec >= 1000000000) when.tv_nsec -= 1000000000, when.tv_sec++;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
  }
  printf("{\"decoded\": %ld, \"concealed\": %ld, \"late\": %ld, \"sum\": %f}\n", decoded, invented,
         late, sum);
  return 0;
}
