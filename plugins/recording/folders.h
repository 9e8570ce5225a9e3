#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::recording {

/// What lies where, below the plugin's folder. Everything here but the names blocks: for Host::background() and the
/// start. Failures are std::runtime_error.
class Folders {
 public:
  explicit Folders(std::string root) : root_{std::move(root)} {}

  /// What a capture writes, with the journal.
  [[nodiscard]] std::string session(std::string_view id) const { return root_ + "/sessions/" + std::string{id}; }
  /// What a production writes, until it is in the storage.
  [[nodiscard]] std::string output(std::string_view id) const { return root_ + "/output/" + std::string{id}; }
  /// Of the local storage.
  [[nodiscard]] std::string products() const { return root_ + "/products"; }
  [[nodiscard]] const std::string& root() const noexcept { return root_; }

  /// Makes the folders, for their owner alone, and removes what productions of an earlier process have left.
  void prepare() const;
  /// Names of the sessions that are there, at most `kMostSessions`.
  [[nodiscard]] std::vector<std::string> sessions() const;
  /// Milliseconds since 1970 at which the session's journal was last written to; 0: there is none.
  [[nodiscard]] std::int64_t journal_time(std::string_view id) const;
  /// Both folders of a recording, where they are there.
  void remove(std::string_view id) const;
  void remove_output(std::string_view id) const;
  /// Of the disk, for us.
  [[nodiscard]] std::uint64_t free_bytes() const;

  static constexpr std::size_t kMostSessions = 100'000;

 private:
  std::string root_;
};

}  // namespace sluice::recording
