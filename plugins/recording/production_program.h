#pragma once

#include <map>
#include <string>
#include <vector>

#include "production_pictures.h"
#include "sluice/media/compositor.h"
#include "timeline_cast.h"

namespace sluice::recording {

/// The picture of the product, moment by moment: who is there, in the layout that was chosen, with the newest picture
/// of each who is seen.
class Program {
 public:
  struct Options {
    media::CompositorOptions look{};
    Settings settings{};
    int frames_per_second = 30;
  };
  /// Borrows session and timeline. `streams` are of the video tracks that can be read.
  Program(const Session& session, const Timeline& timeline, std::vector<TrackStream> streams, const Options& options);

  /// At a moment of the product; never goes back.
  [[nodiscard]] media::VideoFrame at(MediaTime product);
  /// Whether the last one had more than names.
  [[nodiscard]] bool shows_pictures() const noexcept { return shows_pictures_; }

 private:
  struct Source {
    std::size_t track;
    PictureTrack pictures;
    bool was_on = false;
  };
  bool advance_sources(MediaTime now);
  void set_scene();
  void set_pictures();

  const Timeline& timeline_;
  MediaTime half_tick_;
  Cast cast_;
  media::Compositor compositor_;
  std::vector<Source> sources_;
  std::map<std::string, std::size_t> by_id_;  // index into sources_
  std::vector<bool> has_picture_;             // by track of the session
  bool shows_pictures_ = false;
  bool begun_ = false;
  MediaTime opening_{};  // of the session: its end
};

}  // namespace sluice::recording
