#include "capture_disk.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <system_error>

#include "sluice/media/media_file.h"

namespace sluice::recording {
namespace {

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes / 1'000'000) + " MB"; }

/// Of the system; nothing: FFmpeg's own, or what says that the input is wrong.
std::optional<int> system_error_of(const std::exception& error) {
  constexpr int kMaxErrno = 4'095;  // FFmpeg's own codes are four letters, and far below
  if (const auto* system = dynamic_cast<const std::system_error*>(&error)) return system->code().value();
  const auto* media = dynamic_cast<const media::MediaError*>(&error);
  if (media == nullptr || media->code() >= 0 || media->code() < -kMaxErrno) return std::nullopt;
  const int code = -media->code();
  return code == EINVAL || code == ERANGE || code == ENOMEM ? std::nullopt : std::optional{code};
}

}  // namespace

std::optional<std::uint64_t> free_bytes_of(const std::string& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return std::nullopt;
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

std::string nearly_full_text(const std::string& folder, std::uint64_t free, std::uint64_t least) {
  return "the disk of " + folder + " is nearly full: " + megabytes(free) + " are free, " + megabytes(least) +
         " must be; what is recorded so far is kept";
}

std::optional<std::string> disk_refusal(const std::exception& error, const std::string& folder) {
  const std::optional<int> code = system_error_of(error);
  if (!code) return std::nullopt;
  const bool full = *code == ENOSPC || *code == EDQUOT;
  const std::string free = megabytes(free_bytes_of(folder).value_or(0)) + " are free; what is recorded so far is kept";
  if (full) return "the disk of " + folder + " is full: " + free;
  return folder + " cannot be written to (" + std::generic_category().message(*code) + "): " + free;
}

}  // namespace sluice::recording
