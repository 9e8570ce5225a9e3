#include "outputs/hls_files.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "outputs/whole_file.h"

namespace sluice::livestream {

HlsFiles::HlsFiles(std::string folder, Function<void(const HlsFile&)> report,
                   Function<void(const std::string&)> problem_changed)
    : folder_{std::move(folder)}, report_{std::move(report)}, problem_changed_{std::move(problem_changed)} {}

HlsFiles::~HlsFiles() { drop_unfinished(); }

void HlsFiles::initialisation(Bytes bytes, const std::string& codecs) {
  if (generation_ >= 0) is_discontinuous_ = true;
  drop_unfinished();
  ++generation_;
  initialisation_.assign(bytes.begin(), bytes.end());
  codecs_ = codecs;
  has_initialisation_ = false;
}

void HlsFiles::part(const HlsPart& part, Bytes bytes) {
  if (part.part == 0) begin_segment(part.sequence);
  if (is_given_up_) return;
  auto file = segment_;
  file.kind = HlsFileKind::part;
  file.name = "segment-" + std::to_string(part.sequence) + '.' + std::to_string(part.part) + ".m4s";
  file.part = part.part;
  file.duration_us = part.duration.count();
  file.bytes = static_cast<std::int64_t>(bytes.size());
  file.independent = part.independent;
  const auto written = attempt([&] {
    write_whole(path_of(file.name), bytes);
    append_unfinished(path_of(segment_.name), bytes, part.part == 0 ? Begins::yes : Begins::no);
  });
  if (!written) return;
  segment_.duration_us += file.duration_us;
  segment_.bytes += file.bytes;
  report_(file);
}

void HlsFiles::segment_end(std::int64_t sequence) {
  if (is_in_segment_ && !is_given_up_ && segment_.sequence == sequence) {
    if (attempt([&] { give_name(path_of(segment_.name)); })) report_(segment_);
  }
  is_in_segment_ = false;
}

void HlsFiles::begin_segment(std::int64_t sequence) {
  is_in_segment_ = true;
  is_given_up_ = false;
  if (!has_initialisation_) write_initialisation();
  segment_ = HlsFile{};
  segment_.kind = HlsFileKind::segment;
  segment_.name = "segment-" + std::to_string(sequence) + ".m4s";
  segment_.sequence = sequence;
  // That it is given up already is a discontinuity for the next.
  segment_.discontinuity = std::exchange(is_discontinuous_, is_given_up_);
}

void HlsFiles::write_initialisation() {
  const HlsFile file{.kind = HlsFileKind::initialisation,
                     .name = "init-" + std::to_string(generation_) + ".mp4",
                     .bytes = static_cast<std::int64_t>(initialisation_.size()),
                     .codecs = codecs_};
  has_initialisation_ = attempt([&] {
    make_folder(folder_);
    write_whole(path_of(file.name), initialisation_);
  });
  if (has_initialisation_) report_(file);
}

bool HlsFiles::attempt(const std::function<void()>& disk) {
  std::string problem;
  try {
    disk();
  } catch (const std::system_error& error) {
    problem = error.code().message();
  }
  if (problem.empty()) {
    tell(problem);
    return true;
  }
  give_up(problem);
  return false;
}

void HlsFiles::give_up(const std::string& problem) {
  is_given_up_ = true;
  is_discontinuous_ = true;
  drop_unfinished();
  tell(problem);
}

void HlsFiles::tell(const std::string& problem) {
  if (problem == problem_) return;
  problem_ = problem;
  problem_changed_(problem_);
}

void HlsFiles::drop_unfinished() noexcept {
  std::error_code nothing_to_drop;
  if (!segment_.name.empty()) std::filesystem::remove(unfinished(path_of(segment_.name)), nothing_to_drop);
}

std::string HlsFiles::path_of(std::string_view name) const { return folder_ + '/' + std::string{name}; }

}  // namespace sluice::livestream
