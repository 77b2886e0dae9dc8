/* Sends Opus over RTP to many ports of this machine, evenly spread over each 20 ms.
 *
 *   rtpsend STREAMS BASE_PORT STEP SECONDS PAYLOAD_TYPE FILE
 *
 * FILE: packets of 20 ms, each with its length before it (16 bits, little-endian). Every stream starts
 * at another place of it. Linux. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

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

int main(int count, char **words) {
  if (count != 7) return 2;
  int streams = atoi(words[1]), base = atoi(words[2]), step = atoi(words[3]);
  long frames = (long)(atof(words[4]) * 50);
  int type = atoi(words[5]), loaded = load(words[6]);
  int one = socket(AF_INET, SOCK_DGRAM, 0);
  if (!loaded || one < 0) return fprintf(stderr, "rtpsend: nothing to send\n"), 1;
  struct sockaddr_in where = {.sin_family = AF_INET};
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct timespec when;
  clock_gettime(CLOCK_MONOTONIC, &when);
  for (long frame = 0; frame < frames; frame++)
    for (int group = 0; group < GROUPS; group++) {
      for (int i = group; i < streams; i += GROUPS) {
        unsigned char data[MTU];
        int which = (int)((frame + 37L * i) % loaded);
        data[0] = 0x80;
        data[1] = (unsigned char)(type | (frame == 0 ? 0x80 : 0));
        put(data + 2, (uint32_t)(frame + 100 * i), 2);
        put(data + 4, (uint32_t)(frame * SAMPLES + 1000 * i), 4);
        put(data + 8, 0x1000 + i, 4);
        memcpy(data + HEADER, packets[which], sizes[which]);
        where.sin_port = htons(base + i * step);
        sendto(one, data, HEADER + sizes[which], 0, (struct sockaddr *)&where, sizeof where);
      }
      when.tv_nsec += 20000000 / GROUPS;
      if (when.tv_nsec >= 1000000000) when.tv_nsec -= 1000000000, when.tv_sec++;
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
    }
  return 0;
}
