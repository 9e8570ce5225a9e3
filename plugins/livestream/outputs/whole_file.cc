#include "outputs/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace sluice::livestream {

namespace {

constexpr mode_t kOwnerReadsAndWrites = 0600;
constexpr mode_t kOwnerAlone = 0700;

[[noreturn]] void fail() { throw std::system_error{errno, std::generic_category()}; }

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_{descriptor} {
    if (descriptor_ < 0) fail();
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  void write(FileBytes bytes) {
    while (!bytes.empty()) {
      const auto written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }
  /// Some systems tell only now.
  void close() {
    if (::close(std::exchange(descriptor_, -1)) != 0) fail();
  }

 private:
  int descriptor_;
};

}  // namespace

std::string unfinished(const std::string& path) { return path + ".tmp"; }

void append_unfinished(const std::string& path, FileBytes bytes, Begins begins) {
  const auto flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (begins == Begins::yes ? O_TRUNC : O_APPEND);
  Descriptor file{::open(unfinished(path).c_str(), flags, kOwnerReadsAndWrites)};
  file.write(bytes);
  file.close();
}

void give_name(const std::string& path) {
  if (std::rename(unfinished(path).c_str(), path.c_str()) != 0) fail();
}

void write_whole(const std::string& path, FileBytes bytes) {
  append_unfinished(path, bytes, Begins::yes);
  give_name(path);
}

void make_folder(const std::string& path) {
  const auto parent = std::filesystem::path{path}.parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent);
  if (::mkdir(path.c_str(), kOwnerAlone) != 0 && errno != EEXIST) fail();
}

}  // namespace sluice::livestream
