#include "disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace sluice::chat::disk {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPartSuffix = ".part";

[[noreturn]] void fail(std::string_view what, const fs::path& path, int error) {
  throw std::runtime_error{std::string{what} + " " + path.string() + ": " + std::strerror(error)};
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : path_{path}, number_{::open(path.c_str(), flags | O_CLOEXEC, 0600)} {
    if (number_ < 0) fail("cannot open", path_, errno);
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write(std::string_view content) {
    while (!content.empty()) {
      const ssize_t written = ::write(number_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("cannot write", path_, errno);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    if (::fsync(number_) != 0) fail("cannot sync", path_, errno);
  }

 private:
  fs::path path_;
  int number_;
};

}  // namespace

fs::path path_of(const fs::path& folder, std::string_view file_id) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  if (file_id.empty() || !std::ranges::all_of(file_id, plain)) throw std::runtime_error{"no id of a file"};
  return folder / file_id;
}

void prepare(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail("cannot make the folder", folder, error.value());
  fs::permissions(folder, fs::perms::owner_all, error);
  for (const auto& entry : fs::directory_iterator{folder}) {
    if (entry.path().extension() == kPartSuffix) fs::remove(entry.path(), error);
  }
}

void write(const fs::path& folder, const std::string& file_id, std::string_view content) {
  const fs::path final_path = path_of(folder, file_id);
  fs::path part = final_path;
  part += kPartSuffix;
  try {
    Descriptor file{part, O_CREAT | O_TRUNC | O_WRONLY};
    file.write(content);
    file.sync();
    fs::rename(part, final_path);
    Descriptor{folder, O_RDONLY | O_DIRECTORY}.sync();  // the name, too
  } catch (...) {
    std::error_code ignored;
    fs::remove(part, ignored);
    fs::remove(final_path, ignored);
    throw;
  }
}

void remove(const fs::path& folder, std::span<const std::string> file_ids) {
  for (const std::string& id : file_ids) {
    std::error_code error;
    fs::remove(path_of(folder, id), error);
    if (error) fail("cannot remove", path_of(folder, id), error.value());
  }
}

}  // namespace sluice::chat::disk
