// Whatever a client asks for, the path that comes out is normal, and the file that it names stays below the mount.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/net/static_files.h"
#include "core/net/url.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool has_segment(std::string_view path, std::string_view segment) {
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (path.substr(0, slash) == segment) return true;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return false;
}

bool has_control(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  const auto target = sluice::net::parse_target(input);
  if (target) {
    require(target->path.starts_with('/'));
    require(target->path.find("//") == std::string::npos);
    require(!has_segment(target->path, "..") && !has_segment(target->path, "."));
    require(!has_control(target->path) && sluice::net::is_utf8(target->path));
    require(target->query.size() <= sluice::net::kMaxQueryFields);
  }

  // The mapper must be safe without the normaliser's help, too.
  for (const std::string_view path : {target ? std::string_view{target->path} : input, input}) {
    for (const std::string_view mount : {"/", "/app"}) {
      const auto file = sluice::net::map_static_path(mount, path);
      if (!file) continue;
      require(!file->empty() && !file->starts_with('/'));
      require(!has_segment(*file, "..") && !has_control(*file));
      require(file->find('\\') == std::string::npos);
    }
  }
  return 0;
}
