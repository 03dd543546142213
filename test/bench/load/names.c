// Looks up names that do not exist or do (reopen, restat), or creates and removes a file, in chunks, and prints the nanoseconds per turn of each
// chunk: CPU time, so that being preempted does not count. Usage: names open|stat|reopen|restat|create CHUNKS TURNS_PER_CHUNK
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void turn(const char *what, const char *file)
{
	struct stat about;
	int fd;

	if (!strcmp(what, "open")) {
		if (open("/eb-bench-none", O_RDONLY) >= 0)
			exit(1);
	} else if (!strcmp(what, "stat")) {
		if (stat("/eb-bench-none", &about) == 0)
			exit(1);
	} else if (!strcmp(what, "reopen")) {
		fd = open("/etc/passwd", O_RDONLY);
		if (fd < 0 || close(fd))
			exit(1);
	} else if (!strcmp(what, "restat")) {
		if (stat("/etc/passwd", &about))
			exit(1);
	} else {
		fd = open(file, O_CREAT | O_WRONLY, 0600);
		if (fd < 0 || close(fd) || unlink(file))
			exit(1);
	}
}

int main(int argc, char **argv)
{
	char directory[] = "/tmp/eb-bench-XXXXXX", file[64];

	if (argc != 4 || !mkdtemp(directory))
		return 1;
	snprintf(file, sizeof(file), "%s/file", directory);
	for (int chunk = 0; chunk < atoi(argv[2]); chunk++) {
		double start = now_ns();

		for (int i = 0; i < atoi(argv[3]); i++)
			turn(argv[1], file);
		printf("%.2f\n", (now_ns() - start) / atoi(argv[3]));
	}
	rmdir(directory);
	return 0;
}
