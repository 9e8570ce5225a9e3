#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/net/http_message.h"
#include "core/net/listener_options.h"
#include "sluice/result.h"

namespace sluice::net {

enum class StaticPathError : std::uint8_t {
  outside_mount,  ///< not a path of this mount
  forbidden       ///< a segment that no file of a web page has
};

/// The file that a normalised path (HttpRequest::path) names below a mount, relative to the directory; `index.html` for
/// a path that ends with a slash. Segments that begin with a dot are refused but for `.well-known` (RFC 8615), and so
/// are backslashes, colons and control characters.
[[nodiscard]] Result<std::string, StaticPathError> map_static_path(std::string_view mount, std::string_view path);

/// Files of one directory: content types, validators (RFC 9110 section 13), and never a file outside of the directory,
/// wherever a symbolic link points.
class StaticFiles {
 public:
  /// Throws ListenError if the directory is not there.
  explicit StaticFiles(StaticOptions options);

  /// Answers GET and HEAD, or nothing if there is no such file.
  /// @note Asks the file system for names and times; the file's content is streamed by the connection.
  [[nodiscard]] std::optional<HttpResponse> answer(const HttpRequest& request) const;

 private:
  [[nodiscard]] std::optional<std::string> resolve(const std::string& relative) const;

  StaticOptions options_;
  std::string root_;  // canonical, ends with a slash
};

}  // namespace sluice::net
