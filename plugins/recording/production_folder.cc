#include "production_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sluice::recording {

namespace fs = std::filesystem;

namespace {

/// Every name that a product has had.
constexpr std::array<std::string_view, 7> kNames{"recording.mp4", "recording.m4a", "recording.webm", "recording.mp3",
                                                 "thumbnail.jpg", "chat.vtt",      "chat.json"};
constexpr std::string_view kDraft = ".part";

fs::path draft_of(const fs::path& folder, std::string_view name) { return folder / (std::string{name} += kDraft); }

/// What was written to a file, or which names are in a folder, survives the machine.
void sync(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw std::system_error{errno, std::generic_category(), path.string()};
  const int code = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (code != 0) throw std::system_error{code, std::generic_category(), path.string()};
}

}  // namespace

OutputFolder::OutputFolder(const std::string& path) : path_{path} {
  fs::create_directories(path_);
  for (const std::string_view name : kNames) {
    fs::remove(path_ / name);
    fs::remove(draft_of(path_, name));
  }
}

OutputFolder::~OutputFolder() {
  for (const fs::path& draft : drafts_) {
    std::error_code ignored;
    fs::remove(draft, ignored);
  }
}

std::string OutputFolder::draft(std::string_view name) { return drafts_.emplace_back(draft_of(path_, name)).string(); }

void OutputFolder::take(const ProductFile& file) {
  const fs::path draft = draft_of(path_, file.name);
  sync(draft);
  fs::rename(draft, path_ / file.name);
  std::erase(drafts_, draft);
  files_.push_back(file);
  files_.back().bytes = static_cast<std::int64_t>(fs::file_size(path_ / file.name));
}

void OutputFolder::write(ProductFile file, std::string_view bytes) {
  {
    std::ofstream out{draft(file.name), std::ios::binary};
    out.exceptions(std::ios::failbit | std::ios::badbit);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
  }
  take(file);
}

std::vector<ProductFile> OutputFolder::finish() {
  sync(path_);
  return files_;
}

}  // namespace sluice::recording
