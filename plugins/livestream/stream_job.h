#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/jobs.h"
#include "sluice/json.h"
#include "sluice/media/layout.h"

/// The job `program`: makes the program of one room's live stream and sends it to its outputs, in a process of its own.
///
/// JobOptions::arguments is a ProgramOrder; the room's scene and media come as records (feed/feed_records.h). The
/// plugin sends `{"<name>": {...}}` with one of the commands below, the job answers with one of the reports. When it is
/// asked to stop, the job ends the outputs in order (servers are told, files finished) and returns 0.
namespace sluice::livestream {

using Layout = media::LayoutKind;

/// Where the program's picture comes from.
enum class VideoMode : std::uint8_t {
  compose,  ///< always drawn and coded
  /// As it was sent, while the room's only picture is one H264 source; drawn and coded while it is not.
  passthrough
};
BOOST_DESCRIBE_ENUM(VideoMode, compose, passthrough)

/// A program's making, fixed when it begins but for the layout.
struct ProgramOrder {
  std::string title;  ///< shown while nobody sends pictures
  Layout layout = Layout::presentation;
  VideoMode video = VideoMode::compose;
  int width = 1280;
  int height = 720;
  int frames_per_second = 30;
  int video_kbps = 2'500;
  int audio_kbps = 128;
  std::string encoder = "libx264";
  std::string encoder_device;
  std::string preset = "veryfast";
  int threads = 0;               ///< 0: as many as there are cores
  int segment_ms = 1'000;        ///< between key frames: HLS' segments
  int part_ms = 250;             ///< low-latency HLS' parts
  int delay_ms = 200;            ///< how far the program lies behind what arrives: late packets have that long
  std::string watermark_image;   ///< empty: none
  std::string background_image;  ///< empty: a plain colour
  std::string font_file;         ///< empty: the system's
  std::string hls_folder;        ///< where segments and parts are written; empty: no HLS
  std::string recording_file;    ///< fragmented MP4 of the program; empty: none
  std::string ca_file;           ///< for rtmps; empty: the system's
  bool private_targets = false;  ///< whether RTMP may go to loopback, link-local and private addresses
};
BOOST_DESCRIBE_STRUCT(ProgramOrder, (),
                      (title, layout, video, width, height, frames_per_second, video_kbps, audio_kbps, encoder,
                       encoder_device, preset, threads, segment_ms, part_ms, delay_ms, watermark_image,
                       background_image, font_file, hls_folder, recording_file, ca_file, private_targets))

// Commands.

/// `target`: pushes to one more server.
struct AddTarget {
  std::string id;   ///< the plugin's; unique in the stream
  std::string url;  ///< with the key: never logged, never sent back
};
BOOST_DESCRIBE_STRUCT(AddTarget, (), (id, url))

/// `removeTarget`.
struct RemoveTarget {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(RemoveTarget, (), (id))

/// `layout`.
struct SetLayout {
  Layout layout = Layout::presentation;
};
BOOST_DESCRIBE_STRUCT(SetLayout, (), (layout))

// Reports.

enum class TargetState : std::uint8_t {
  connecting,    ///< for the first time
  live,          ///< the server takes it
  reconnecting,  ///< it did, or did not yet; tried again after a while
  failed         ///< will not be tried again: the address cannot be right
};
BOOST_DESCRIBE_ENUM(TargetState, connecting, live, reconnecting, failed)

/// `target`: whenever its state changes.
struct TargetReport {
  std::string id;
  TargetState state = TargetState::connecting;
  std::string reason;            ///< for people, without the key; empty while all is well
  std::int64_t retry_in_ms = 0;  ///< while reconnecting
};
BOOST_DESCRIBE_STRUCT(TargetReport, (), (id, state, reason, retry_in_ms))

struct TargetFigures {
  std::string id;
  std::int64_t bits_per_second = 0;
  std::int64_t bytes = 0;
  std::int64_t dropped_frames = 0;  ///< the server or the way to it is too slow
  std::int64_t reconnects = 0;
};
BOOST_DESCRIBE_STRUCT(TargetFigures, (), (id, bits_per_second, bytes, dropped_frames, reconnects))

/// `figures`: once a second.
struct ProgramFigures {
  double frames_per_second = 0;     ///< that came out, over the last second
  std::int64_t frames = 0;          ///< in all
  std::int64_t dropped_frames = 0;  ///< in all: the machine was too slow for them
  bool overloaded = false;          ///< frames were dropped in the last five seconds
  bool passthrough = false;         ///< the picture goes as it came
  std::int64_t video_bits_per_second = 0;
  std::int64_t audio_bits_per_second = 0;
  std::int64_t sources = 0;       ///< pictures that are shown
  std::int64_t lost_packets = 0;  ///< of what came, in all
  std::int64_t recorded_bytes = 0;
  std::string recording_problem;  ///< the disk refuses; empty: none
  std::string hls_problem;
  std::vector<TargetFigures> targets;
};
BOOST_DESCRIBE_STRUCT(ProgramFigures, (),
                      (frames_per_second, frames, dropped_frames, overloaded, passthrough, video_bits_per_second,
                       audio_bits_per_second, sources, lost_packets, recorded_bytes, recording_problem, hls_problem,
                       targets))

enum class HlsFileKind : std::uint8_t { initialisation, part, segment };
BOOST_DESCRIBE_ENUM(HlsFileKind, initialisation, part, segment)

/// `hls`: a file in the HLS folder is whole and can be served. In the order in which players want them: an
/// initialisation first and after each change of format, the parts of a segment, then the segment that they make up.
struct HlsFile {
  HlsFileKind kind = HlsFileKind::part;
  std::string name;           ///< in the folder; `init-0.mp4`, `segment-17.m4s`, `segment-17.3.m4s`
  std::int64_t sequence = 0;  ///< of the segment: the media sequence number, from 0
  std::int64_t part = 0;      ///< of a part: its place in the segment, from 0
  std::int64_t duration_us = 0;
  std::int64_t bytes = 0;
  bool independent = false;    ///< of a part: it begins with a key frame
  bool discontinuity = false;  ///< of a segment and its parts: what was before it had another format or clock
  std::string codecs;          ///< of an initialisation: `avc1.64001f,mp4a.40.2` (RFC 6381)
  std::int64_t began_unix_ms =
      0;  ///< of a segment and its parts: when the segment began, by the wall clock; 0: not known
};
BOOST_DESCRIBE_STRUCT(HlsFile, (),
                      (kind, name, sequence, part, duration_us, bytes, independent, discontinuity, codecs,
                       began_unix_ms))

/// `keyFrame`: what a track sent cannot be decoded, or a segment is to begin: its sender is to be asked.
struct KeyFrameWanted {
  std::int64_t track = 0;  ///< FeedTrack::track
};
BOOST_DESCRIBE_STRUCT(KeyFrameWanted, (), (track))

/// The job's function.
int run_program(JobContext& context);

}  // namespace sluice::livestream
