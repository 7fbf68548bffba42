/*
 * Asks the test process whether a password is good; shared by both server plugins.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int send_all(int to, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = write(to, bytes, length);
		if (sent <= 0)
			return 0;
		bytes += sent;
		length -= (size_t)sent;
	}
	return 1;
}

/* 1 when the judge lets the user in; 0 when not, or when there is no judge. */
static int ask(const char *user, size_t user_length, const char *token, size_t token_length)
{
	const char *path = getenv("STANDIN_SOCKET"), *site = getenv("STANDIN_SITE");
	struct sockaddr_un address;
	char header[32], answer = '0';
	int judge;

	if (path == NULL || site == NULL || strlen(path) >= sizeof address.sun_path)
		return 0;
	judge = socket(AF_UNIX, SOCK_STREAM, 0);
	if (judge < 0)
		return 0;
	memset(&address, 0, sizeof address);
	address.sun_family = AF_UNIX;
	strcpy(address.sun_path, path);
	snprintf(header, sizeof header, "%zu\n", strlen(site) + 1 + user_length + 1 + token_length);
	if (connect(judge, (struct sockaddr *)&address, sizeof address) != 0 ||
	    !send_all(judge, header, strlen(header)) ||
	    !send_all(judge, site, strlen(site) + 1) ||
	    !send_all(judge, user, user_length) || !send_all(judge, "", 1) ||
	    !send_all(judge, token, token_length) || read(judge, &answer, 1) != 1)
		answer = '0';
	close(judge);
	return answer == '1';
}
