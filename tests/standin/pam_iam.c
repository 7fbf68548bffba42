/*
 * Takes the place of libpam in a PostgreSQL server (LD_PRELOAD), so that its `pam` method, and with it RDS's own error
 * text, works without root, without /etc/pam.d and without PAM's headers. Only what the server calls is here;
 * constants and structures are those of Linux-PAM.
 *
 * Environment of the server: see ask.h.
 */
#include "ask.h"

enum { SUCCESS = 0, BUFFER_ERROR = 5, AUTH_ERROR = 7, CONVERSATION_ERROR = 19 };
enum { ITEM_USER = 2, ITEM_CONVERSATION = 5 };
enum { PROMPT_ECHO_OFF = 1 };

struct pam_message {
	int style;
	const char *text;
};

struct pam_response {
	char *text;
	int unused;
};

struct pam_conv {
	int (*talk)(int count, const struct pam_message **, struct pam_response **, void *data);
	void *data;
};

struct pam_handle {
	char *user;
	struct pam_conv conversation;
};

int pam_set_item(struct pam_handle *handle, int item, const void *value)
{
	if (item == ITEM_USER) {
		free(handle->user);
		handle->user = strdup(value);
		return handle->user ? SUCCESS : BUFFER_ERROR;
	}
	if (item == ITEM_CONVERSATION)
		handle->conversation = *(const struct pam_conv *)value;
	return SUCCESS;
}

int pam_start(const char *service, const char *user, const struct pam_conv *conversation, struct pam_handle **out)
{
	(void)service;
	*out = calloc(1, sizeof **out);
	if (*out == NULL)
		return BUFFER_ERROR;
	(*out)->conversation = *conversation;
	return pam_set_item(*out, ITEM_USER, user);
}

int pam_authenticate(struct pam_handle *handle, int flags)
{
	const struct pam_message prompt = { PROMPT_ECHO_OFF, "Password: " }, *prompts = &prompt;
	struct pam_response *response = NULL;
	int result;

	(void)flags;
	result = handle->conversation.talk(1, &prompts, &response, handle->conversation.data);
	if (result != SUCCESS)
		return result;
	if (response == NULL || response->text == NULL)
		return CONVERSATION_ERROR;
	result = ask(handle->user, strlen(handle->user), response->text, strlen(response->text)) ? SUCCESS : AUTH_ERROR;
	free(response->text);
	free(response);
	return result;
}

int pam_acct_mgmt(struct pam_handle *handle, int flags)
{
	(void)handle;
	(void)flags;
	return SUCCESS;
}

int pam_end(struct pam_handle *handle, int status)
{
	(void)status;
	free(handle->user);
	free(handle);
	return SUCCESS;
}

const char *pam_strerror(struct pam_handle *handle, int error)
{
	(void)handle;
	return error == SUCCESS ? "success" : "authentication failure";
}
