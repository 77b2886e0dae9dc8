/* How late a bare C timer is on this machine now: the floor for whatever wakes up on time.
 *
 *   ctimer SECONDS
 *
 * Sleeps to every 10 ms and prints how late it woke, p50 and p99 in ms. Linux. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int count, char **words) {
  long ticks = count == 2 ? (long)(atof(words[1]) * 100) : 0;
  double *late = ticks > 0 ? malloc((size_t)ticks * sizeof *late) : NULL;
  if (!late) return fprintf(stderr, "ctimer: ctimer SECONDS\n"), 2;
  struct timespec when, now;
  clock_gettime(CLOCK_MONOTONIC, &when);
  for (long i = 0; i < ticks; i++) {
    when.tv_nsec += 10000000;
    if (when.tv_nsec >= 1000000000) when.tv_nsec -= 1000000000, when.tv_sec++;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
    clock_gettime(CLOCK_MONOTONIC, &now);
    late[i] = (now.tv_sec - when.tv_sec) * 1e3 + (now.tv_nsec - when.tv_nsec) / 1e6;
  }
  qsort(late, (size_t)ticks, sizeof *late, by_size);
  printf("%.3f %.3f\n", late[ticks / 2], late[ticks * 99 / 100]);
  return 0;
}
