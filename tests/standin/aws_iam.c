/*
 * Server plugin "AWSAuthenticationPlugin" for the tests: asks the client for its password in clear and lets the
 * test process judge it. The object serves MariaDB (10.4 and later) and Oracle MySQL (8.0 and later): each finds the
 * plugin under symbols of its own and looks at no others. The servers' headers are not needed: what this file declares
 * of them is the published plugin interface, restricted to what is used here.
 *
 * Environment of the server: STANDIN_SOCKET (unix socket of the judge), STANDIN_SITE (which server this is).
 * Question: "LENGTH\nSITE\0USER\0TOKEN"; answer: '1' lets the user in.
 */
#include "ask.h"

/* ---- what both servers share ---- */

struct vio {
	int (*read_packet)(struct vio *, unsigned char **packet);
	int (*write_packet)(struct vio *, const unsigned char *packet, int length);
	/* more members follow that are not used */
};

enum { RESULT_OK = -1, RESULT_ERROR = 0 };
enum { TYPE_AUTHENTICATION = 7, LICENSE_GPL = 1, MATURITY_EXPERIMENTAL = 1 };

#define PLUGIN_NAME "AWSAuthenticationPlugin"
#define CLIENT_SIDE "mysql_clear_password"
#define AUTHOR "rdsconnect"
#define ABOUT "judges RDS IAM tokens in tests"

/* By pointer, because reading the packet is what tells the server the user's name. */
static int converse(struct vio *vio, const char **user, unsigned *user_length, int *password_used)
{
	unsigned char *packet;
	int length = vio->read_packet(vio, &packet);

	if (length < 0)
		return RESULT_ERROR;
	/* The client sends the terminating NUL along. */
	if (length > 0 && packet[length - 1] == '\0')
		length--;
	*password_used = length > 0;
	/* An empty password is put on record too: it says that a client trusted this server. */
	return ask(*user, *user_length, (const char *)packet, (size_t)length) ? RESULT_OK : RESULT_ERROR;
}

/* ---- MariaDB ---- */

struct maria_user {
	const char *name;
	unsigned name_length;
	const char *auth_string;
	unsigned long auth_string_length;
	char authenticated_as[513];
	char external_user[513];
	int password_used;
};

static int maria_authenticate(struct vio *vio, struct maria_user *user)
{
	return converse(vio, &user->name, &user->name_length, &user->password_used);
}

static struct {
	int version;
	const char *client_plugin;
	int (*authenticate)(struct vio *, struct maria_user *);
	void *hash, *preprocess;
} maria_handler = { 0x0202, CLIENT_SIDE, maria_authenticate, NULL, NULL };

struct maria_plugin {
	int type;
	void *handler;
	const char *name, *author, *about;
	int license;
	void *start, *stop;
	unsigned version;
	void *status, *settings;
	const char *version_text;
	unsigned maturity;
};

int _maria_plugin_interface_version_ = 0x010f;
int _maria_sizeof_struct_st_plugin_ = sizeof(struct maria_plugin);
struct maria_plugin _maria_plugin_declarations_[] = {
	{
		.type = TYPE_AUTHENTICATION,
		.handler = &maria_handler,
		.name = PLUGIN_NAME,
		.author = AUTHOR,
		.about = ABOUT,
		.license = LICENSE_GPL,
		.version = 0x0100,
		.version_text = "1.0",
		.maturity = MATURITY_EXPERIMENTAL,
	},
	{ 0 },
};

/* ---- Oracle MySQL ---- */

struct mysql_user {
	const char *name;
	unsigned name_length;
	const char *auth_string;
	unsigned long auth_string_length;
	char authenticated_as[97];
	char external_user[512];
	int password_used;
};

static int mysql_authenticate(struct vio *vio, struct mysql_user *user)
{
	return converse(vio, &user->name, &user->name_length, &user->password_used);
}

/* The text after AS ('RDS') is kept as it stands. */
static int keep_text(char *out, unsigned *out_length, const char *in, unsigned in_length)
{
	if (*out_length < in_length)
		return 1;
	memcpy(out, in, in_length);
	*out_length = in_length;
	return 0;
}

static int any_text(char *const text, unsigned length)
{
	(void)text;
	(void)length;
	return 0;
}

static int no_salt(const char *text, unsigned length, unsigned char *salt, unsigned char *salt_length)
{
	(void)text;
	(void)length;
	(void)salt;
	*salt_length = 0;
	return 0;
}

static struct {
	int version;
	const char *client_plugin;
	int (*authenticate)(struct vio *, struct mysql_user *);
	int (*make_text)(char *, unsigned *, const char *, unsigned);
	int (*check_text)(char *const, unsigned);
	int (*make_salt)(const char *, unsigned, unsigned char *, unsigned char *);
	unsigned long flags;
	void *compare;
} mysql_handler = { 0x0201, CLIENT_SIDE, mysql_authenticate, keep_text, any_text, no_salt, 0, NULL };

struct mysql_plugin {
	int type;
	void *handler;
	const char *name, *author, *about;
	int license;
	void *start, *may_stop, *stop;
	unsigned version;
	void *status, *settings, *reserved;
	unsigned long flags;
};

int _mysql_plugin_interface_version_ = 0x010b;
int _mysql_sizeof_struct_st_plugin_ = sizeof(struct mysql_plugin);
struct mysql_plugin _mysql_plugin_declarations_[] = {
	{
		.type = TYPE_AUTHENTICATION,
		.handler = &mysql_handler,
		.name = PLUGIN_NAME,
		.author = AUTHOR,
		.about = ABOUT,
		.license = LICENSE_GPL,
		.version = 0x0100,
	},
	{ 0 },
};
