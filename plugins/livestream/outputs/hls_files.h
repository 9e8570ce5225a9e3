#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "outputs/hls_packager.h"
#include "sluice/function.h"

namespace sluice::livestream {

/// What an HlsPackager makes, as files; tells of each when it is whole. What the disk refuses is the problem of its
/// segment alone.
/// @note One thread.
class HlsFiles final : public HlsSink {
 public:
  /// @param folder  Made where it is missing.
  /// @param report  A file is there.
  /// @param problem_changed  What the disk says; empty: all is well again.
  HlsFiles(std::string folder, Function<void(const HlsFile&)> report,
           Function<void(const std::string&)> problem_changed);
  HlsFiles(const HlsFiles&) = delete;
  HlsFiles& operator=(const HlsFiles&) = delete;
  /// A segment that has not ended leaves no file but its parts.
  ~HlsFiles() override;

  void initialisation(Bytes bytes, const std::string& codecs) override;
  void part(const HlsPart& part, Bytes bytes) override;
  void segment_end(std::int64_t sequence) override;
  /// The segment ends here for a reason of others; what follows is another one.
  void give_up(const std::string& problem);

 private:
  void begin_segment(std::int64_t sequence);
  void write_initialisation();
  /// Does what throws std::system_error. @return false: it did; the segment is given up.
  bool attempt(const std::function<void()>& disk);
  void tell(const std::string& problem);
  void drop_unfinished() noexcept;
  [[nodiscard]] std::string path_of(std::string_view name) const;

  std::string folder_;
  Function<void(const HlsFile&)> report_;
  Function<void(const std::string&)> problem_changed_;
  std::string problem_;

  std::vector<std::uint8_t> initialisation_;
  std::string codecs_;
  bool has_initialisation_ = true;  // on disk, where there is one
  std::int64_t generation_ = -1;

  HlsFile segment_;             // that is being written
  bool is_in_segment_ = false;  // also where that was given up
  bool is_given_up_ = false;
  bool is_discontinuous_ = false;  // what was before the next segment
};

}  // namespace sluice::livestream
