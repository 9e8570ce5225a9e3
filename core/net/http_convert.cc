#include "core/net/http_convert.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <sstream>
#include <utility>

#include "core/net/file_body.h"
#include "core/net/url.h"

namespace sluice::net {

namespace {

namespace beast = boost::beast;

std::string_view view(beast::string_view text) noexcept { return {text.data(), text.size()}; }

/// RFC 9110 section 5.6.7: IMF-fixdate, in English whatever the locale.
std::string http_date(std::time_t now) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
  return text.data();
}

bool is_servers_own(std::string_view name) noexcept {
  for (const std::string_view own : {"Content-Length", "Transfer-Encoding", "Connection", "Date"}) {
    if (beast::iequals(name, own)) return true;
  }
  return false;
}

/// RFC 9110 section 8.6: no Content-Length with 1xx and 204; 304 has none here either, as its length would be 200's.
bool has_length(int status) noexcept { return status >= 200 && status != 204 && status != 304; }

template <class Body>
void fill_head(http::response<Body>& message, const HttpResponse& response, unsigned version, KeepAlive keep_alive) {
  message.version(version);
  message.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers) {
    if (!is_servers_own(name)) message.insert(name, value);
  }
  message.set(http::field::date, http_date(std::time(nullptr)));
  message.set("X-Content-Type-Options", "nosniff");
  // An answer of the API is for its caller alone, unless the handler says otherwise.
  if (!response.headers.contains("Cache-Control")) message.set(http::field::cache_control, "no-store");
  message.keep_alive(keep_alive == KeepAlive::yes);
}

std::optional<http::message_generator> file_to_beast(const HttpResponse& response, unsigned version, BodyMode mode,
                                                     KeepAlive keep_alive) {
  FileBody::value_type body;
  beast::error_code failed;
  body.file.open(response.file.c_str(), beast::file_mode::scan, failed);
  const std::uint64_t size = failed ? 0 : body.file.size(failed);
  const FilePart part = response.part.value_or(FilePart{.offset = 0, .bytes = size});
  if (!failed) body.file.seek(part.offset, failed);
  if (failed || part.offset > size || part.bytes > size - part.offset) return std::nullopt;
  body.bytes = part.bytes;
  if (mode == BodyMode::omit) {
    http::response<http::empty_body> message;
    fill_head(message, response, version, keep_alive);
    message.content_length(body.bytes);
    return http::message_generator{std::move(message)};
  }
  http::response<FileBody> message;
  fill_head(message, response, version, keep_alive);
  message.content_length(body.bytes);
  message.body() = std::move(body);
  return http::message_generator{std::move(message)};
}

}  // namespace

Result<HttpRequest, RequestError> from_beast(http::request<http::string_body>& message, const SocketAddress& remote,
                                             bool tls) {
  const auto method = parse_http_method(view(message.method_string()));
  if (!method) return RequestError::unknown_method;
  if (message.version() >= 11 && message.count(http::field::host) != 1) return RequestError::bad_host;
  auto target = parse_target(view(message.target()));
  if (!target) return RequestError::bad_target;

  HttpRequest request;
  request.method = *method;
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  request.remote = remote;
  request.tls = tls;
  try {
    for (const auto& field : message) request.headers.add(view(field.name_string()), view(field.value()));
  } catch (const InvalidHeader&) {
    return RequestError::bad_header;
  }
  request.body = std::move(message.body());
  return request;
}

std::optional<http::message_generator> to_beast(const HttpResponse& response, unsigned version, BodyMode mode,
                                                KeepAlive keep_alive) {
  if (!response.file.empty()) return file_to_beast(response, version, mode, keep_alive);
  const std::string_view body = response.body ? std::string_view{*response.body} : std::string_view{};
  if (mode == BodyMode::omit || !has_length(response.status)) {
    http::response<http::empty_body> message;
    fill_head(message, response, version, keep_alive);
    if (has_length(response.status)) message.content_length(body.size());
    return http::message_generator{std::move(message)};
  }
  http::response<http::span_body<const char>> message;
  fill_head(message, response, version, keep_alive);
  message.body() = {body.data(), body.size()};
  message.content_length(body.size());
  return http::message_generator{std::move(message)};
}

std::string stream_head(const HttpResponse& response, unsigned version, StreamFraming framing, KeepAlive keep_alive) {
  http::response<http::empty_body> message;
  fill_head(message, response, version, keep_alive);
  message.chunked(framing == StreamFraming::chunked);
  // A proxy that collects the answer before it passes it on would make a stream useless.
  message.set("X-Accel-Buffering", "no");
  std::ostringstream text;
  text << message.base();
  return std::move(text).str();
}

}  // namespace sluice::net
