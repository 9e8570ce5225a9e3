#pragma once

#include <optional>
#include <string>

#include "sluice/json.h"

namespace sluice::recording {

/// Height of the product's picture and what it may take: 360p, 480p, 720p, 1080p.
enum class Quality : std::uint8_t { low, medium, high, ultra };
BOOST_DESCRIBE_ENUM(Quality, low, medium, high, ultra)

enum class Format : std::uint8_t { mp4, webm, mp3 };
BOOST_DESCRIBE_ENUM(Format, mp4, webm, mp3)

enum class Layout : std::uint8_t { grid, speaker, presentation };
BOOST_DESCRIBE_ENUM(Layout, grid, speaker, presentation)

/// What one recording is to hold; fixed when it begins, but for the layout.
struct Settings {
  Quality quality = Quality::high;
  Format format = Format::mp4;
  Layout layout = Layout::presentation;
  bool video = true;         ///< cameras
  bool audio = true;         ///< microphones, and the sound of shared screens
  bool screen_share = true;  ///< shared screens
  bool chat = true;          ///< a transcript beside the file
  bool watermark = false;    ///< the operator's image
  int retention_days = 0;    ///< 0: for ever
  std::string title;         ///< of the meeting, or the room's name
};
BOOST_DESCRIBE_STRUCT(Settings, (),
                      (quality, format, layout, video, audio, screen_share, chat, watermark, retention_days, title))

}  // namespace sluice::recording
