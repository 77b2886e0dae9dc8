/* Sends Opus over RTP to many ports of this machine, evenly spread over each 20 ms.
 *
 *   rtpsend STREAMS BASE_PORT STEP SECONDS PAYLOAD_TYPE FILE [KEY]
 *
 * FILE: packets of 20 ms, each with its length before it (16 bits, little-endian). Every stream starts
 * at another place of it. KEY: SRTP's, in hexadecimal (AES_CM_128_HMAC_SHA1_80); compiled with
 * -DWITH_SRTP, on libsrtp 2. Linux. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#ifdef WITH_SRTP
#include <srtp2/srtp.h>
#endif

enum { GROUPS = 8, MOST = 20000, MTU = 1500, HEADER = 12, SAMPLES = 960 };

static unsigned char packets[MOST][MTU];
static int sizes[MOST];

static int load(const char *path) {
  FILE *file = fopen(path, "rb");
  unsigned char length[2];
  int count = 0;
  if (!file) return 0;
  while (count < MOST && fread(length, 1, 2, file) == 2) {
    sizes[count] = length[0] | length[1] << 8;
    if (sizes[count] > MTU - HEADER) break;
    if (fread(packets[count], 1, sizes[count], file) != (size_t)sizes[count]) break;
    count++;
  }
  fclose(file);
  return count;
}

static void put(unsigned char *at, uint32_t value, int bytes) {
  while (bytes--) at[bytes] = (unsigned char)value, value >>= 8;
}

#ifdef WITH_SRTP
static srtp_t session;

static int seal_with(const char *key) {
  static unsigned char bytes[30];
  srtp_policy_t policy = {.ssrc.type = ssrc_any_outbound, .key = bytes};
  for (int i = 0; i < 30; i++)
    if (sscanf(key + 2 * i, "%2hhx", &bytes[i]) != 1) return 0;
  srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
  srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
  return !srtp_init() && !srtp_create(&session, &policy);
}

static int sealed(unsigned char *data, int size) {
  return session && srtp_protect(session, data, &size) ? 0 : size;
}
#else
static int seal_with(const char *key) { return key == NULL; }

static int sealed(unsigned char *data, int size) { return data ? size : 0; }
#endif

int main(int count, char **words) {
  if (count != 7 && count != 8) return 2;
  int streams = atoi(words[1]), base = atoi(words[2]), step = atoi(words[3]);
  long frames = (long)(atof(words[4]) * 50);
  int type = atoi(words[5]), loaded = load(words[6]);
  int one = socket(AF_INET, SOCK_DGRAM, 0);
  if (!loaded || one < 0) return fprintf(stderr, "rtpsend: nothing to send\n"), 1;
  if (count == 8 && !seal_with(words[7])) return fprintf(stderr, "rtpsend: no SRTP\n"), 1;
  struct sockaddr_in where = {.sin_family = AF_INET};
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct timespec when;
  clock_gettime(CLOCK_MONOTONIC, &when);
  for (long frame = 0; frame < frames; frame++)
    for (int group = 0; group < GROUPS; group++) {
      for (int i = group; i < streams; i += GROUPS) {
        unsigned char data[MTU + 144] __attribute__((aligned(8)));
        int which = (int)((frame + 37L * i) % loaded);
        data[0] = 0x80;
        data[1] = (unsigned char)(type | (frame == 0 ? 0x80 : 0));
        put(data + 2, (uint32_t)(frame + 100 * i), 2);
        put(data + 4, (uint32_t)(frame * SAMPLES + 1000 * i), 4);
        put(data + 8, 0x1000 + i, 4);
        memcpy(data + HEADER, packets[which], sizes[which]);
        where.sin_port = htons(base + i * step);
        int size = sealed(data, HEADER + sizes[which]);
        sendto(one, data, size, 0, (struct sockaddr *)&where, sizeof where);
      }
      when.tv_nsec += 20000000 / GROUPS;
      if (when.tv_nsec >= 1000000000) when.tv_nsec -= 1000000000, when.tv_sec++;
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
    }
  return 0;
}
