/* Load generator: paced RTP flows with prepared packets, delays from kernel receive times.
 *
 * usage: load PLAN PACKETS DELAYS WARMUP SLOW
 * PLAN     one flow per line: fd partner port a.b.c.d packet_size packet_count offset_in_PACKETS
 * PACKETS  all packets, back to back
 * DELAYS   output: int32 triples (flow, delay, time of sending, both in microseconds) of every
 *          measured packet
 * WARMUP   packets of a flow that are not measured
 * SLOW     output: int32 pairs (begin, end in microseconds) of the time in which the machine was slow
 * Prints one JSON line. Packets of a flow leave every 20 ms; flows are spread over the period.
 * What a flow sends arrives at the socket of its partner flow. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PERIOD 20000000LL
#define VEC 32
#define SIZE 2048

struct flow {
    int fd, partner, size, count, sent, received, aligned, seq_offset;
    long offset;
    struct sockaddr_in to;
    int64_t *sent_at;
};

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static struct flow *flows;
static int flow_count;
static unsigned char *packets;
static FILE *delays;
static long total_sent, total_received, strange, warmup;

/* How fast the machine is: a fixed piece of work now and then, in processor time of this thread, so
 * that being put aside does not count. A virtual machine may be slowed down from outside without
 * any sign of it inside; whatever is measured meanwhile is late for that. */
#define PROBES (1 << 20)
static struct probe { int32_t took, since; int64_t at; } probes[PROBES];
static int probe_count;
static int64_t start;

static int64_t used_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void probe(int64_t now) {
    static int64_t before;
    if (now - before < 500000 || probe_count == PROBES) return;
    uint64_t x = now;
    int64_t used = used_ns();
    for (int i = 0; i < 7500; i++) x = x * 6364136223846793005ULL + 1;
    __asm__ volatile("" : : "r"(x)); /* the work is not to be optimised away */
    probes[probe_count++] = (struct probe){used_ns() - used, before ? now - before : 0, now};
    before = now;
}

static int by_size(const void *a, const void *b) {
    return *(int32_t *)a - *(int32_t *)b;
}

/* Share of the time in which the work took over three times its median; when that was, to a file. */
static double slow_share(FILE *spans) {
    double slow = 0, all = 0;
    int32_t *took = malloc((probe_count + 1) * sizeof *took);
    for (int i = 0; i < probe_count; i++) took[i] = probes[i].took;
    qsort(took, probe_count, sizeof *took, by_size);
    for (int i = 0; i < probe_count; i++) {
        struct probe *p = &probes[i];
        all += p->since;
        if (p->took <= 3 * took[probe_count / 2]) continue;
        slow += p->since;
        int32_t span[2] = {(int32_t)((p->at - p->since - start) / 1000),
                           (int32_t)((p->at - start) / 1000)};
        fwrite(span, sizeof span, 1, spans);
    }
    fclose(spans);
    return all ? slow / all : 0;
}

static void receive(int index) {
    static struct mmsghdr msgs[VEC];
    static struct iovec iov[VEC];
    static unsigned char data[VEC][SIZE], control[VEC][64];
    struct flow *mine = &flows[index], *from = &flows[mine->partner];
    for (int i = 0; i < VEC; i++) {
        iov[i] = (struct iovec){data[i], SIZE};
        msgs[i].msg_hdr = (struct msghdr){.msg_iov = &iov[i], .msg_iovlen = 1,
                                          .msg_control = control[i], .msg_controllen = 64};
    }
    int count = recvmmsg(mine->fd, msgs, VEC, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        unsigned char *p = data[i];
        if (msgs[i].msg_len < 12 || p[0] >> 6 != 2 || (p[1] >= 192 && p[1] <= 223)) continue;
        int64_t at = 0;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&msgs[i].msg_hdr); c;
             c = CMSG_NXTHDR(&msgs[i].msg_hdr, c))
            if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
                struct timespec *t = (struct timespec *)CMSG_DATA(c);
                at = t->tv_sec * 1000000000LL + t->tv_nsec;
            }
        if (!from->sent || !at) continue;
        int seq = p[2] << 8 | p[3];
        if (!from->aligned) { /* the engine may number anew: the newest sent one is this one */
            from->aligned = 1;
            from->seq_offset = (seq - (from->sent - 1)) & 0xffff;
        }
        int k = (seq - from->seq_offset) & 0xffff;
        if (k >= from->sent && k - from->sent < 1000) { /* aligned on one that was late: again */
            from->seq_offset = (seq - (from->sent - 1)) & 0xffff;
            k = from->sent - 1;
        }
        if (k >= from->sent || !from->sent_at[k]) { strange++; continue; }
        from->received++;
        total_received++;
        if (k >= warmup) {
            int64_t sent = from->sent_at[k];
            int32_t row[3] = {(int32_t)(from - flows), (int32_t)((at - sent) / 1000),
                              (int32_t)((sent - start) / 1000)};
            fwrite(row, sizeof row, 1, delays);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 6) return 2;
    warmup = atoi(argv[4]);
    FILE *plan = fopen(argv[1], "r");
    char line[256];
    int room = 0, longest = 0;
    while (plan && fgets(line, sizeof line, plan)) {
        if (flow_count == room) flows = realloc(flows, (room = room * 2 + 64) * sizeof *flows);
        struct flow *f = &flows[flow_count++];
        memset(f, 0, sizeof *f);
        char host[64];
        int port;
        if (sscanf(line, "%d %d %d %63s %d %d %ld", &f->fd, &f->partner, &port, host, &f->size,
                   &f->count, &f->offset) != 7) return 3;
        f->to.sin_family = AF_INET;
        f->to.sin_port = htons(port);
        inet_aton(host, &f->to.sin_addr);
        f->sent_at = calloc(f->count, sizeof(int64_t));
        if (f->count > longest) longest = f->count;
    }
    int file = open(argv[2], O_RDONLY);
    struct stat info;
    if (file < 0 || fstat(file, &info)) return 4;
    packets = mmap(NULL, info.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    delays = fopen(argv[3], "w");
    FILE *slow = fopen(argv[5], "w");
    if (packets == MAP_FAILED || !delays || !slow) return 5;
    setvbuf(delays, NULL, _IOFBF, 1 << 22);
    int poll = epoll_create1(0);
    for (int i = 0; i < flow_count; i++) {
        int on = 1, size = 1 << 20;
        setsockopt(flows[i].fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
        setsockopt(flows[i].fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
        struct epoll_event e = {.events = EPOLLIN, .data.u32 = i};
        epoll_ctl(poll, EPOLL_CTL_ADD, flows[i].fd, &e);
    }
    start = now_ns() + 20000000;
    int64_t end = start + longest * PERIOD, worst = 0;
    int64_t measured_from = start + warmup * PERIOD;
    long next = 0, all = (long)longest * flow_count;
    int announced = 0;
    struct epoll_event events[256];
    for (;;) {
        int64_t now = now_ns();
        if (announced == 1) probe(now);
        if (!announced && now >= measured_from) { announced = 1; puts("begin"); fflush(stdout); }
        while (next < all) {
            int64_t due = start + (next / flow_count) * PERIOD
                          + (next % flow_count) * PERIOD / flow_count;
            if (due > now) break;
            if (now - due > worst) worst = now - due;
            struct flow *f = &flows[next++ % flow_count];
            if (f->sent < f->count) {
                unsigned char *p = packets + f->offset + (long)f->sent * f->size;
                f->sent_at[f->sent] = now_ns();
                f->sent++;
                if (sendto(f->fd, p, f->size, 0, (struct sockaddr *)&f->to, sizeof f->to) > 0)
                    total_sent++;
            }
        }
        if (next >= all && announced < 2) { announced = 2; puts("end"); fflush(stdout); }
        int n = epoll_wait(poll, events, 256, 0);
        for (int i = 0; i < n; i++) receive(events[i].data.u32);
        if (next >= all && now > end + 300000000LL) break;
        if (!n) {
            struct timespec nap = {0, 40000};
            nanosleep(&nap, NULL);
        }
    }
    fclose(delays);
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    long even = 0, odd = 0;
    for (int i = 0; i < flow_count; i++) *(i & 1 ? &odd : &even) += flows[i].received;
    printf("{\"from_web\": %ld, \"from_line\": %ld, ", even, odd);
    printf("\"sent\": %ld, \"received\": %ld, \"strange\": %ld, \"slow_share\": %.4f, \"late_us\": %ld, "
           "\"cpu_s\": %.3f, \"wall_s\": %.3f}\n",
           total_sent, total_received, strange, slow_share(slow), (long)(worst / 1000),
           use.ru_utime.tv_sec + use.ru_stime.tv_sec
               + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6,
           (now_ns() - start) / 1e9);
    return 0;
}
