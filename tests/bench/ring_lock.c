/*
 * Writers of one ring, and of a ring each: ring_lock THREADS RINGS SECONDS prints "records nanoseconds". What a thread does for a
 * record is what the kernel's ring does (kernel/bpf/ringbuf.c): the lock, the header and the position inside of it, the record and
 * the header's last bit outside. A thread each CPU.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RING_BYTES (1 << 24)
#define RECORD_BYTES 64		/* with the header */
#define BUSY (1U << 31)
#define MOST_THREADS 1024

struct ring {
	_Alignas(4096) pthread_spinlock_t lock;
	_Alignas(4096) uint64_t producer;
	char *data;
};

static struct ring rings[MOST_THREADS];
static struct { _Alignas(64) uint64_t records; struct ring *ring; int cpu; } threads[MOST_THREADS];
static volatile int stop;

static uint64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void write_record(struct ring *r, const char *record)
{
	pthread_spin_lock(&r->lock);
	uint64_t at = r->producer;
	char *to = r->data + at % RING_BYTES;
	__atomic_store_n((uint32_t *)to, BUSY | (RECORD_BYTES - 8), __ATOMIC_RELAXED);
	__atomic_store_n(&r->producer, at + RECORD_BYTES, __ATOMIC_RELEASE);
	pthread_spin_unlock(&r->lock);
	memcpy(to + 8, record, RECORD_BYTES - 8);
	__atomic_exchange_n((uint32_t *)to, RECORD_BYTES - 8, __ATOMIC_SEQ_CST);
}

static void *run(void *number)
{
	typeof(&threads[0]) t = &threads[(intptr_t)number];
	char record[RECORD_BYTES] = "record";
	uint64_t records = 0;
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(t->cpu, &set);
	pthread_setaffinity_np(pthread_self(), sizeof set, &set);
	while (!stop) {
		write_record(t->ring, record);
		records++;
	}
	t->records = records;
	return NULL;
}

int main(int argc, char **argv)
{
	int count = argc == 4 ? atoi(argv[1]) : 0, ring_count = argc == 4 ? atoi(argv[2]) : 0;
	pthread_t ids[MOST_THREADS];
	if (count < 1 || count > MOST_THREADS || ring_count < 1 || ring_count > count)
		return 2;
	for (int i = 0; i < ring_count; i++) {
		pthread_spin_init(&rings[i].lock, 0);
		rings[i].data = aligned_alloc(4096, RING_BYTES);
		memset(rings[i].data, 0, RING_BYTES);
	}
	uint64_t start = now(), records = 0;
	for (intptr_t i = 0; i < count; i++) {
		threads[i].cpu = i;
		threads[i].ring = &rings[i * ring_count / count];
		if (pthread_create(&ids[i], NULL, run, (void *)i))
			return 1;
	}
	struct timespec seconds = { atof(argv[3]), (long)(atof(argv[3]) * 1e9) % 1000000000 };
	nanosleep(&seconds, NULL);
	stop = 1;
	for (int i = 0; i < count; i++) {
		pthread_join(ids[i], NULL);
		records += threads[i].records;
	}
	printf("%llu %llu\n", (unsigned long long)records, (unsigned long long)(now() - start));
	return 0;
}
