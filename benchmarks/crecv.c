/* The floor for receiving: what the same work costs in C with nothing else around it.
 *
 *   crecv LIBOPUS STREAMS BASE_PORT STEP SECONDS [LIBSRTP KEY]
 *
 * One UDP socket per stream (ports BASE, BASE + STEP, ...), woken once per 10 ms tick, Opus over RTP
 * put in order by sequence number, played 60 ms late, decoded, gain and place, mixed, clipped.
 * The same libopus file as the engine's, so the codec's speed cancels out. KEY: SRTP's, in hexadecimal
 * (AES_CM_128_HMAC_SHA1_80); compiled with -DWITH_SRTP and -rdynamic. LIBSRTP: the file that the engine
 * opens with, so that its speed cancels out too; the system's where that can't be loaded. Ends at SIGTERM,
 * or after SECONDS. Linux. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef WITH_SRTP
#include <srtp2/srtp.h>
#endif

enum { RATE = 48000, BLOCK = 480, LONGEST = 5760, SLOTS = 64, WAIT_PACKETS = 3, MTU = 1500 };

typedef void *(*create_fn)(int32_t, int, int *);
typedef int (*decode_fn)(void *, const unsigned char *, int32_t, float *, int, int);

struct slot {
  int filled, size;
  unsigned char payload[MTU];
};

struct stream {
  int socket, started;
  void *srtp;
  unsigned seen;
  uint16_t next; /* sequence number to play */
  void *decoder;
  float left, right;
  int at, ready; /* what is decoded and not yet played */
  float pcm[LONGEST];
  struct slot slots[SLOTS];
};

static decode_fn decode;
static long decoded, invented, late, forged;
static volatile sig_atomic_t ended;

static void end(int number) {
  (void)number;
  ended = 1;
}

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

static const char *srtp_file = "";

#ifdef WITH_SRTP
static srtp_err_status_t (*unprotect)(srtp_t, void *, int *);
static srtp_err_status_t (*create_session)(srtp_t *, const srtp_policy_t *);
static void (*set_policy)(srtp_crypto_policy_t *);

/* pylibsrtp's file is a Python module: this is the only thing of Python's that it refers to by address;
 * what it would call is never called. */
char _Py_NoneStruct[64];

static void load_srtp(const char *path) {
  void *library = dlopen(path, RTLD_LAZY);
  srtp_file = library ? path : "libsrtp2.so.1";
  if (!library) library = dlopen(srtp_file, RTLD_LAZY);
  srtp_err_status_t (*init)(void) = library ? dlsym(library, "srtp_init") : NULL;
  if (!init || init()) fail("libsrtp");
  unprotect = dlsym(library, "srtp_unprotect");
  create_session = dlsym(library, "srtp_create");
  set_policy = dlsym(library, "srtp_crypto_policy_set_rtp_default"); /* AES_CM_128_HMAC_SHA1_80 */
  if (!unprotect || !create_session || !set_policy) fail("libsrtp");
}

static void *session(const char *key) {
  static unsigned char bytes[30];
  srtp_policy_t policy = {.ssrc.type = ssrc_any_inbound, .key = bytes};
  srtp_t made;
  for (int i = 0; i < 30; i++)
    if (sscanf(key + 2 * i, "%2hhx", &bytes[i]) != 1) fail("key");
  set_policy(&policy.rtp);
  set_policy(&policy.rtcp);
  if (create_session(&made, &policy)) fail("srtp_create");
  return made;
}

static int opened(struct stream *s, unsigned char *data, ssize_t *size) {
  int length = (int)*size;
  if (s->srtp && unprotect(s->srtp, data, &length)) return forged++, 0;
  *size = length;
  return 1;
}
#else
static void load_srtp(const char *path) { fail(path); }

static void *session(const char *key) {
  fail(key);
  return NULL;
}

static int opened(struct stream *s, unsigned char *data, ssize_t *size) {
  (void)s, (void)data, (void)size;
  return 1;
}
#endif

static int by_size(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void take(struct stream *s) {
  unsigned char data[MTU] __attribute__((aligned(8)));
  ssize_t size;
  while ((size = recv(s->socket, data, sizeof data, 0)) > 12) {
    if (!opened(s, data, &size)) continue;
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
  if (count != 6 && count != 8) return 2;
  int streams = atoi(words[2]), base = atoi(words[3]), step = atoi(words[4]);
  long ticks = (long)(atof(words[5]) * 100);
  void *library = dlopen(words[1], RTLD_NOW);
  if (!library) return fprintf(stderr, "crecv: %s\n", dlerror()), 1;
  create_fn create = (create_fn)dlsym(library, "opus_decoder_create");
  decode = (decode_fn)dlsym(library, "opus_decode_float");
  struct stream *all = calloc(streams, sizeof *all);
  float *took_ms = calloc(ticks + 1, sizeof *took_ms);
  int poll = epoll_create1(0), code;
  signal(SIGTERM, end);
  if (count == 8) load_srtp(words[6]);
  if (!took_ms || !all || poll < 0 || !create || !decode) fail("setting up");
  for (int i = 0; i < streams; i++) {
    all[i].socket = listen_on(base + i * step);
    all[i].srtp = count == 8 ? session(words[7]) : NULL;
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
  long tick = 0;
  for (; tick < ticks && !ended; tick++) {
    double begun_ms = now_ms();
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
    took_ms[tick] = (float)(now_ms() - begun_ms);
    when.tv_nsec += 10000000;
    if (when.tv_nsec >= 1000000000) when.tv_nsec -= 1000000000, when.tv_sec++;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
  }
  long from = tick > 1000 ? tick - 1000 : 0; /* as the engine: of the last 10 s */
  qsort(took_ms + from, tick - from, sizeof *took_ms, by_size);
  printf("{\"decoded\": %ld, \"concealed\": %ld, \"late\": %ld, \"forged\": %ld, \"sum\": %f, "
         "\"tick_ms_p99\": %f, \"libsrtp\": \"%s\"}\n",
         decoded, invented, late, forged, sum, took_ms[from + (long)((tick - from) * 0.99)], srtp_file);
  return 0;
}
