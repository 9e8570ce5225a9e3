#include "production_remux.h"

#include <utility>

#include "sluice/media/media_file.h"

namespace sluice::recording {

std::optional<std::size_t> find_only_picture(const Session& session, const Timeline& timeline,
                                             const ProductionOrder& order) {
  const Settings& settings = order.settings;
  if (settings.format != Format::mp4 || (settings.watermark && !order.watermark_image.empty())) return std::nullopt;
  if (timeline.pieces().size() != 1) return std::nullopt;

  std::optional<std::size_t> only;
  for (std::size_t i = 0; i < session.tracks.size(); ++i) {
    if (session.tracks[i].began.kind != MediaKind::video) continue;
    if (only) return std::nullopt;
    only = i;
  }
  if (!only) return std::nullopt;
  const SessionTrack& track = session.tracks[*only];
  const Span& piece = timeline.pieces().front();
  const bool wanted = track.is_screen() ? settings.screen_share : settings.video;
  if (!wanted || track.began.codec != "h264" || !track.pauses.empty() || !track.turns.empty()) return std::nullopt;
  if (track.begin > piece.begin + kEdge || track.end.value_or(piece.end) + kEdge < piece.end) return std::nullopt;
  return only;
}

bool is_copyable(const Session& session, const Timeline& timeline, std::size_t index, const std::string& path) {
  const SessionTrack& track = session.tracks[index];
  const Span& piece = timeline.pieces().front();
  media::FileReader reader{path};
  if (reader.tracks().size() != 1 || reader.tracks().front().codec != media::Codec::h264) return false;

  std::optional<media::TrackFormat> first_format;
  MediaTime last = piece.begin;
  bool first = true;
  while (const auto packet = reader.next()) {
    if (std::exchange(first, false) && !packet->key_frame) return false;
    const MediaTime at = session.time_of(track, packet->pts);
    if (at > last + kEdge) return false;
    last = at;
    if (!packet->key_frame) continue;
    auto format = media::format_of(media::Codec::h264, packet->data);
    if (!format) continue;
    // An MP4 has its parameter sets in its header, once.
    if (first_format && format->extradata != first_format->extradata) return false;
    first_format = std::move(format);
  }
  return !first && last + kEdge >= piece.end;
}

}  // namespace sluice::recording
