#include "control/options.h"

namespace sluice::livestream {

namespace {

constexpr std::size_t kMostPathBytes = 4'096;
constexpr std::size_t kMostNameBytes = 256;

}  // namespace

Schema<HlsSettings> HlsSettings::schema() {
  return Schema<HlsSettings>{"Viewers over HLS, plain and low-latency, served at /live/{room}."}
      .option("enabled", &HlsSettings::enabled, "Whether streams can be watched here.")
      .reloadable()
      .option("folder", &HlsSettings::folder, "Where parts and segments lie while they can be watched.", not_empty(),
              sluice::max_bytes(kMostPathBytes))
      .option("dvr_s", &HlsSettings::dvr_s, "How far back viewers can go.", range(6, 86'400))
      .reloadable()
      .option(
          "access", &HlsSettings::access,
          "`anyone` who knows the room's name, or `key`: who has the stream's address. Rooms of tenants always have "
          "a key.")
      .reloadable()
      .option("segment_ms", &HlsSettings::segment_ms, "Length of segments, and between key frames of the program.",
              range(500, 10'000))
      .reloadable()
      .option("part_ms", &HlsSettings::part_ms, "Length of low-latency parts.", range(100, 2'000))
      .reloadable()
      .check("part_ms", [](const HlsSettings& hls) -> std::optional<std::string> {
        if (hls.part_ms <= hls.segment_ms) return std::nullopt;
        return "must not exceed segment_ms";
      });
}

Schema<RtmpSettings> RtmpSettings::schema() {
  return Schema<RtmpSettings>{"Servers that streams are pushed to."}
      .option("enabled", &RtmpSettings::enabled, "Whether streams may be pushed by RTMP and RTMPS.")
      .reloadable()
      .option("allowed_hosts", &RtmpSettings::allowed_hosts,
              "Names or patterns (`*.youtube.com`) of servers; empty: all. Targets of the configuration are not asked.",
              max_items(1'000), each(not_empty()))
      .reloadable()
      .option("private_targets", &RtmpSettings::private_targets,
              "Whether servers may have loopback, link-local or private addresses.")
      .reloadable()
      .option("ca_file", &RtmpSettings::ca_file, "PEM, for rtmps; empty: the system's authorities.",
              sluice::max_bytes(kMostPathBytes))
      .reloadable()
      .option("max_targets", &RtmpSettings::max_targets, "Of one stream.", range(1, 64))
      .reloadable();
}

Schema<ProgramSettings> ProgramSettings::schema() {
  return Schema<ProgramSettings>{"How programs are made: each in a process of its own."}
      .option("layout", &ProgramSettings::layout, "Where whoever starts a stream names none.")
      .reloadable()
      .option("quality", &ProgramSettings::quality, "360p, 480p, 720p, 1080p, at 800, 1,400, 2,500 and 5,000 kbit/s.")
      .reloadable()
      .option("frames_per_second", &ProgramSettings::frames_per_second, "Steady, whatever the sources send.",
              range(5, 60))
      .reloadable()
      .option("video", &ProgramSettings::video,
              "`compose`, or `passthrough`: one H264 picture alone goes out as it came, without being coded again.")
      .reloadable()
      .option("encoder", &ProgramSettings::encoder, "FFmpeg's name of the H264 encoder: libx264, h264_vaapi, ...",
              not_empty(), sluice::max_bytes(64))
      .reloadable()
      .option("encoder_device", &ProgramSettings::encoder_device, "Of a hardware encoder: /dev/dri/renderD128.",
              sluice::max_bytes(kMostPathBytes))
      .reloadable()
      .option("preset", &ProgramSettings::preset, "The encoder's own word for speed against size.",
              sluice::max_bytes(64))
      .reloadable()
      .option("threads", &ProgramSettings::threads, "Of one encoder; 0: as many as there are cores.", range(0, 256))
      .reloadable()
      .option("nice", &ProgramSettings::nice, "How much everything else goes first; 19: as much as can be.",
              range(0, 19))
      .reloadable()
      .option("delay_ms", &ProgramSettings::delay_ms,
              "How far the program lies behind what arrives: late packets have that long.", range(0, 5'000))
      .reloadable()
      .option("watermark_image", &ProgramSettings::watermark_image, "PNG of the upper right corner; empty: none.",
              sluice::max_bytes(kMostPathBytes))
      .reloadable()
      .option("background_image", &ProgramSettings::background_image, "Behind the pictures; empty: a plain colour.",
              sluice::max_bytes(kMostPathBytes))
      .reloadable()
      .option("font_file", &ProgramSettings::font_file, "Of the names; empty: the system's.",
              sluice::max_bytes(kMostPathBytes))
      .reloadable();
}

Schema<RecordingSettings> RecordingSettings::schema() {
  return Schema<RecordingSettings>{"Files of programs, as they went out."}
      .option("folder", &RecordingSettings::folder, "Where they are kept; empty: programs are not recorded.",
              sluice::max_bytes(kMostPathBytes))
      .reloadable();
}

Schema<TargetSettings> TargetSettings::schema() {
  return Schema<TargetSettings>{"A server."}
      .option("url", &TargetSettings::url, "rtmp:// or rtmps://, with the application: rtmp://a.example/live.",
              not_empty(), sluice::max_bytes(2'048))
      .required()
      .option("key", &TargetSettings::key, "The stream key that the server has given you.")
      .option("name", &TargetSettings::name, "As people know it; empty: the server's.",
              sluice::max_bytes(kMostNameBytes));
}

Schema<StreamSettings> StreamSettings::schema() {
  return Schema<StreamSettings>{"A room that is streamed whenever it is open."}
      .option("room", &StreamSettings::room, "Its id.", not_empty(), sluice::max_bytes(64))
      .required()
      .option("tenant", &StreamSettings::tenant, "Whose room; empty where there is only one.",
              sluice::max_bytes(kMostNameBytes))
      .option("targets", &StreamSettings::targets, "Servers that it is pushed to.", max_items(64))
      .option("hls", &StreamSettings::hls, "Whether it can be watched here, too.")
      .option("layout", &StreamSettings::layout, "Missing: as programs have it.")
      .option("title", &StreamSettings::title, "Shown while nobody sends pictures; empty: the room's name.",
              sluice::max_bytes(kMostNameBytes));
}

Schema<Options> Options::schema() {
  return Schema<Options>{"Live streams of rooms, to servers by RTMP and to viewers by HLS."}
      .option("hls", &Options::hls, "Viewers over HLS.")
      .option("rtmp", &Options::rtmp, "Servers that streams are pushed to.")
      .option("program", &Options::program, "What is streamed.")
      .option("recording", &Options::recording, "Files of what was streamed.")
      .option("max_streams_at_once", &Options::max_streams_at_once, "Rooms that are streamed at the same time.",
              range(1, 64))
      .reloadable()
      .option("stop_when_empty_s", &Options::stop_when_empty_s, "How long an empty room is still streamed.",
              range(0, 86'400))
      .reloadable()
      .option("streams", &Options::streams, "Rooms that are streamed whenever they are open.", max_items(64))
      .reloadable();
}

}  // namespace sluice::livestream
