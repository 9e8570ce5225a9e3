#include "core/net/static_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "core/net/content_type.h"
#include "core/net/file_answer.h"

namespace sluice::net {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndex = "index.html";

bool is_forbidden(std::string_view segment) noexcept {
  if (segment.starts_with('.')) return segment != ".well-known";
  return std::ranges::any_of(
      segment, [](char c) { return c == '\\' || c == ':' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// A directory is answered with a slash at the end, so that the page's relative links resolve below it.
std::optional<HttpResponse> redirect_into(const std::string& path) {
  // The path goes into a header: one that would need escaping there is not worth it.
  constexpr std::string_view kPlain = "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  if (path.find_first_not_of(kPlain) != std::string::npos) return std::nullopt;
  HttpResponse response{308};
  response.headers.set("Location", path + "/");
  return response;
}

}  // namespace

Result<std::string, StaticPathError> map_static_path(std::string_view mount, std::string_view path) {
  while (mount.ends_with('/')) mount.remove_suffix(1);
  if (!path.starts_with(mount)) return StaticPathError::outside_mount;
  path.remove_prefix(mount.size());
  if (!path.starts_with('/')) return StaticPathError::outside_mount;

  std::string relative;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, std::min(path.find('/'), path.size()));
    path.remove_prefix(segment.size());
    if (segment.empty()) {
      if (!path.empty()) return StaticPathError::forbidden;
      break;
    }
    if (is_forbidden(segment)) return StaticPathError::forbidden;
    relative.append(relative.empty() ? "" : "/").append(segment);
    if (path == "/") relative += '/';
  }
  if (relative.empty() || relative.ends_with('/')) relative += kIndex;
  return relative;
}

StaticFiles::StaticFiles(StaticOptions options) : options_{std::move(options)} {
  std::error_code failed;
  const fs::path root = fs::canonical(options_.directory, failed);
  if (failed || !fs::is_directory(root, failed)) {
    throw ListenError{"static directory " + options_.directory + ": not a directory"};
  }
  root_ = root.string();
  if (!root_.ends_with('/')) root_ += '/';
}

std::optional<std::string> StaticFiles::resolve(const std::string& relative) const {
  std::error_code failed;
  const std::string real = fs::canonical(root_ + relative, failed).string();  // follows every link
  if (failed || !real.starts_with(root_)) return std::nullopt;
  return real;
}

std::optional<HttpResponse> StaticFiles::answer(const HttpRequest& request) const {
  if (request.method != HttpMethod::get && request.method != HttpMethod::head) return std::nullopt;
  if (request.path == options_.mount && !request.path.ends_with('/')) return redirect_into(request.path);
  const auto relative = map_static_path(options_.mount, request.path);
  if (!relative) return std::nullopt;
  const auto path = resolve(*relative);
  if (!path) return std::nullopt;
  struct stat file {};
  if (::stat(path->c_str(), &file) != 0) return std::nullopt;
  if (S_ISDIR(file.st_mode)) return redirect_into(request.path);
  if (!S_ISREG(file.st_mode)) return std::nullopt;

  const std::string tag = entity_tag(file);
  const bool unchanged = names_entity(request.headers.get("If-None-Match"), tag);
  HttpResponse response{unchanged ? 304 : 200};
  response.headers.set("ETag", tag);
  const auto max_age = options_.max_age.count();
  response.headers.set("Cache-Control", max_age > 0 ? "public, max-age=" + std::to_string(max_age) : "no-cache");
  if (unchanged) return response;
  response.headers.set("Content-Type", content_type_of(*path));
  // Join links may carry tokens in their query: they stay with us.
  response.headers.set("Referrer-Policy", "same-origin");
  response.file = *path;
  return response;
}

}  // namespace sluice::net
