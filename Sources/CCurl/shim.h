#pragma once
#include <curl/curl.h>

/// A GET of `url`; `curl_easy_setopt` is variadic, which Swift cannot call. No proxy and no signals: the
/// daemon is near, and nothing of the environment may send the token elsewhere.
static inline CURLcode greensplit_curl_get(
    CURL *curl, const char *url, struct curl_slist *headers, curl_write_callback take, void *owner,
    long seconds, long *status) {
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, owner);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
  CURLcode code = curl_easy_perform(curl);
  if (code == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
  return code;
}
