#include "core/store/store_backups.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "core/base/file_descriptor.h"
#include "core/store/sqlite_copy.h"

namespace sluice {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPart = ".part";
constexpr std::string_view kShape = "sluice-00000000T000000.000Z.db";  // 0: any digit
constexpr std::size_t kMaxListed = 1'000;

bool has_shape(std::string_view name) {
  return std::ranges::equal(name, kShape,
                            [](char c, char shape) { return shape == '0' ? c >= '0' && c <= '9' : c == shape; });
}

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw std::runtime_error{"backups of the store: '" + path + "': " + reason};
}

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int value = 0;
  for (const char c : text.substr(at, digits)) value = value * 10 + (c - '0');
  return value;
}

// A new name, or the absence of one, is on disk once its folder is.
void sync_folder(const std::string& folder) {
  const FileDescriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), folder.c_str()};
  if (::fsync(opened.get()) != 0) fail(folder, std::strerror(errno));
}

void make_folder(const std::string& folder) {
  std::error_code failed;
  if (fs::is_directory(folder, failed)) return;
  if (!fs::create_directory(folder, failed)) fail(folder, failed ? failed.message() : "not a folder");
  fs::permissions(folder, fs::perms::owner_all, failed);  // what is in it is nobody else's to read
}

}  // namespace

std::string backup_name(WallTime begun_at) {
  const std::time_t whole = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(begun_at));
  const auto since = std::chrono::floor<std::chrono::milliseconds>(begun_at.time_since_epoch()).count();
  std::tm utc{};
  ::gmtime_r(&whole, &utc);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y%m%dT%H%M%S", &utc);
  std::array<char, 8> rest{};
  std::snprintf(rest.data(), rest.size(), ".%03d", static_cast<int>(since % 1'000));
  return std::string{"sluice-"} + date.data() + rest.data() + "Z.db";
}

std::optional<WallTime> backup_time(std::string_view name) {
  if (!has_shape(name)) return std::nullopt;
  std::tm utc{};
  utc.tm_year = number_at(name, 7, 4) - 1900;
  utc.tm_mon = number_at(name, 11, 2) - 1;
  utc.tm_mday = number_at(name, 13, 2);
  utc.tm_hour = number_at(name, 16, 2);
  utc.tm_min = number_at(name, 18, 2);
  utc.tm_sec = number_at(name, 20, 2);
  const WallTime time =
      std::chrono::system_clock::from_time_t(::timegm(&utc)) + std::chrono::milliseconds{number_at(name, 23, 3)};
  if (backup_name(time) != name) return std::nullopt;  // the 31st of February
  return time;
}

StoreBackups::StoreBackups(Options options) : options_{std::move(options)} {}

StoreBackups::Backup StoreBackups::make(WallTime now, const std::atomic<bool>& stop) const {
  make_folder(options_.folder);
  remove_broken_off();
  const std::string name = backup_name(now);
  const fs::path whole = fs::path{options_.folder} / name;
  const fs::path part = fs::path{options_.folder} / ("." + name + std::string{kPart});
  std::error_code failed;
  if (fs::exists(whole, failed)) fail(whole.string(), "is there already");
  copy_sqlite(options_.database, part.string(), stop);
  fs::rename(part, whole, failed);
  if (failed) fail(whole.string(), failed.message());
  sync_folder(options_.folder);
  const Backup made{.name = name, .bytes = fs::file_size(whole), .begun_at = now};
  remove_oldest();
  return made;
}

std::vector<StoreBackups::Backup> StoreBackups::list() const {
  std::vector<Backup> backups;
  std::error_code failed;
  if (!fs::exists(options_.folder, failed)) return backups;
  for (const auto& entry : fs::directory_iterator{options_.folder, failed}) {
    const std::string name = entry.path().filename().string();
    const auto time = backup_time(name);
    std::error_code gone;
    if (!time || !entry.is_regular_file(gone)) continue;
    backups.push_back({.name = name, .bytes = entry.file_size(gone), .begun_at = *time});
    if (gone) backups.pop_back();
  }
  if (failed) fail(options_.folder, failed.message());
  std::ranges::sort(backups, std::greater{}, &Backup::name);
  if (backups.size() > kMaxListed) backups.resize(kMaxListed);
  return backups;
}

std::optional<std::string> StoreBackups::file_of(std::string_view name) const {
  if (!backup_time(name)) return std::nullopt;
  return (fs::path{options_.folder} / name).string();
}

void StoreBackups::remove_broken_off() const {
  std::error_code failed;
  std::vector<fs::path> parts;
  for (const auto& entry : fs::directory_iterator{options_.folder, failed}) {
    std::string name = entry.path().filename().string();
    if (!name.starts_with('.') || !name.ends_with(kPart)) continue;
    name = name.substr(1, name.size() - 1 - kPart.size());
    if (has_shape(name)) parts.push_back(entry.path());
  }
  if (failed) fail(options_.folder, failed.message());
  for (const fs::path& part : parts) fs::remove(part, failed);
}

void StoreBackups::remove_oldest() const {
  const auto backups = list();
  std::error_code failed;
  for (std::size_t i = options_.kept; i < backups.size(); ++i) {
    fs::remove(fs::path{options_.folder} / backups[i].name, failed);
    if (failed) fail(backups[i].name, failed.message());
  }
}

}  // namespace sluice
