#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/socket_address.h"
#include "core/net/http_stream.h"

/// The sockets' own view of HTTP. The plugins' view is `sluice::HttpRequest` of the SDK, with the caller's identity in
/// it.
namespace sluice::net {

/// The methods that the gateway answers to. Any other one is 501 before it reaches a route.
enum class HttpMethod : std::uint8_t { get, head, post, put, patch, delete_, options };

/// The method as it stands in a request line: `GET`.
[[nodiscard]] std::string_view to_string(HttpMethod method) noexcept;
[[nodiscard]] std::optional<HttpMethod> parse_http_method(std::string_view name) noexcept;

/// A header name that is no token, or a value that holds CR, LF, NUL or another control character (RFC 9110 section
/// 5.5): what would let a value write headers of its own. Thrown where the header is set; a handler that lets it pass
/// answers 500.
class InvalidHeader : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Header fields in order of appearance. Names compare without regard to case.
class HttpHeaders {
 public:
  using Field = std::pair<std::string, std::string>;

  /// The value of the first field of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
  /// The same, or an empty view.
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept { return find(name).value_or(""); }
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return find(name).has_value(); }

  /// Replaces every field of that name. Throws InvalidHeader.
  void set(std::string_view name, std::string_view value);
  /// Adds one more field, for lists such as `Link`. Throws InvalidHeader.
  void add(std::string_view name, std::string_view value);
  void remove(std::string_view name) noexcept;

  [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
  [[nodiscard]] auto end() const noexcept { return fields_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return fields_.size(); }

 private:
  std::vector<Field> fields_;
};

/// Decoded names and values: of a query string, or of a route's parameters.
using HttpFields = std::map<std::string, std::string, std::less<>>;

/// Whom the certificate of a peer speaks of, once the TLS handshake has verified it. Texts are UTF-8 without control
/// characters.
struct TlsPeer {
  std::string common_name;         ///< of the subject; empty: it has none, or more than one
  std::vector<std::string> names;  ///< the subject's alternative names: DNS, e-mail, URI (RFC 5280 section 4.2.1.6)
};

struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  /// Percent-decoded UTF-8 without dot segments, empty segments and control characters; begins with '/'.
  std::string path = "/";
  /// Where a name occurs twice, the last one counts.
  HttpFields query;
  /// What the route's pattern captured: `id` of `/api/rooms/{id}`.
  HttpFields params;
  HttpHeaders headers;
  std::string body;
  SocketAddress remote;
  bool tls = false;
  /// Set by the listener alone; null where the peer has shown no certificate. Owners: the connection and its requests.
  std::shared_ptr<const TlsPeer> peer;

  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const noexcept;
  /// A parameter that the pattern names; empty for a name that it does not.
  [[nodiscard]] std::string_view param(std::string_view name) const noexcept;
  /// The token of `Authorization: Bearer` (RFC 6750 section 2.1), or empty.
  [[nodiscard]] std::string_view bearer_token() const noexcept;
};

/// A part of a file.
struct FilePart {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// An answer. The body is shared, so that one buffer can answer many requests; or it is a file, which the server
/// streams; or a stream, which the handler goes on writing. `Content-Length`, `Date`, `Connection` and the CORS headers
/// are the server's; do not set them.
struct HttpResponse {
  int status = 200;
  HttpHeaders headers;
  /// Null is an empty body. Owners: this response and whoever caches the buffer.
  std::shared_ptr<const std::string> body;
  /// Path of a regular file to send instead of `body`. With status 200 the server adds validators and ranges to it, and
  /// answers the request's conditions (complete_file_answer).
  std::string file;
  /// Which part of it; nothing: the whole.
  std::optional<FilePart> part;
  /// Sent instead of `body`, as it is written (make_http_stream).
  std::shared_ptr<HttpStreamReader> stream;

  /// The client has asked to be kept waiting (long polling): the time that it took says nothing of the gateway.
  bool held = false;

  HttpResponse() = default;
  explicit HttpResponse(int status_code) : status{status_code} {}
  HttpResponse(int status_code, std::string_view content_type, std::string text);

  /// `application/json` of text that is JSON already.
  [[nodiscard]] static HttpResponse json(int status, std::string text);
  [[nodiscard]] static HttpResponse text(int status, std::string text);
  /// `{"success":false,"error":{"code":..,"message":..}}`, the envelope of the REST API.
  [[nodiscard]] static HttpResponse error(int status, std::string_view code, std::string_view message);
};

}  // namespace sluice::net
