#include "folders.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "journal.h"

namespace sluice::recording {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view what, const std::string& path, const std::string& why) {
  throw std::runtime_error{std::string{what} + " " + path + ": " + why};
}

void make(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail("cannot make the folder", path, error.message());
  fs::permissions(path, fs::perms::owner_all, error);  // of a mount point they may be somebody else's
}

void remove_tree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) fail("cannot remove", path, error.message());
}

}  // namespace

void Folders::prepare() const {
  for (const char* const name : {"", "/sessions", "/products"}) make(root_ + name);
  remove_tree(root_ + "/output");
  make(root_ + "/output");
}

std::vector<std::string> Folders::sessions() const {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator{root_ + "/sessions"}) {
    if (out.size() == kMostSessions) break;
    if (entry.is_directory()) out.push_back(entry.path().filename().string());
  }
  return out;
}

std::int64_t Folders::journal_time(std::string_view id) const {
  struct stat status {};
  const std::string path = session(id) + "/" + std::string{kJournalFile};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  return std::int64_t{status.st_mtim.tv_sec} * 1'000 + status.st_mtim.tv_nsec / 1'000'000;
}

void Folders::remove(std::string_view id) const {
  remove_tree(session(id));
  remove_output(id);
}

void Folders::remove_output(std::string_view id) const { remove_tree(output(id)); }

std::uint64_t Folders::free_bytes() const {
  struct statvfs status {};
  if (::statvfs(root_.c_str(), &status) != 0) fail("cannot ask the disk of", root_, std::strerror(errno));
  return std::uint64_t{status.f_bavail} * status.f_frsize;
}

}  // namespace sluice::recording
