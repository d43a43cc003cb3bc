#pragma once
#include <gnutls/gnutls.h>
#include <microhttpd.h>

/// Variadic functions, which Swift cannot call. No thread of its own: the caller runs the daemon
/// whenever its epoll descriptor is readable.
static inline struct MHD_Daemon *greensplit_mhd_start(
    MHD_socket listening, unsigned int connections, unsigned int silence_s, size_t memory,
    MHD_AccessHandlerCallback answer, MHD_NotifyConnectionCallback noted,
    MHD_RequestCompletedCallback completed, void *owner, const char *key, const char *certificate,
    const char *authority) {
  // A list that ends at once where there is no TLS.
  struct MHD_OptionItem tls[] = {
      {key ? MHD_OPTION_HTTPS_MEM_KEY : MHD_OPTION_END, 0, (void *)key},
      {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)certificate},
      {authority ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0, (void *)authority},
      {MHD_OPTION_END, 0, NULL}};
  return MHD_start_daemon(
      MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (key ? MHD_USE_TLS : 0), 0, NULL, NULL, answer,
      owner, MHD_OPTION_ARRAY, tls,
      MHD_OPTION_LISTEN_SOCKET, listening, MHD_OPTION_CONNECTION_LIMIT, connections,
      MHD_OPTION_CONNECTION_TIMEOUT, silence_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
      MHD_OPTION_NOTIFY_CONNECTION, noted, owner, MHD_OPTION_NOTIFY_COMPLETED, completed, owner,
      MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

static inline int greensplit_mhd_epoll(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
  return info ? info->epoll_fd : -1;
}

static inline int greensplit_mhd_descriptor(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

static inline const struct sockaddr *greensplit_mhd_peer(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info ? info->client_addr : NULL;
}

/// Whether the peer has shown a certificate that the authority has signed and that is valid now.
static inline int greensplit_mhd_is_trusted(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  unsigned int faults = 0;
  return info && gnutls_certificate_verify_peers2(info->tls_session, &faults) == 0 && faults == 0;
}
