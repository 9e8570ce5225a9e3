#include "hls/hls_channel.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "hls/delivery_directives.h"
#include "hls/hls_responses.h"
#include "hls/playlist.h"
#include "hls/published_files.h"
#include "hls/viewers.h"
#include "hls/waiting_requests.h"
#include "sluice/background.h"
#include "sluice/log.h"
#include "sluice/result.h"
#include "sluice/secret.h"
#include "sluice/timers.h"

namespace sluice::livestream {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr std::string_view kPlaylistName = "index.m3u8";

// Section numbers are those of draft-pantos-hls-rfc8216bis.
constexpr int kPatience = 3;              // target durations that a request waits; section 6.2.5.2
constexpr Duration kStartPatience = 10s;  // of those who come before the first segment
constexpr int kGrace = 4;                 // target durations that files outlive their lines; section 6.2.2: three
constexpr Duration kViewersStay = 10s;
constexpr Duration kHousekeeping = 1s;

bool is_head(const HttpRequest& request) noexcept { return request.method == "HEAD"; }

PlaylistOptions playlist_options(const HlsOptions& options) {
  return {.segment = std::chrono::milliseconds{options.segment_ms},
          .part = std::chrono::milliseconds{options.part_ms},
          .dvr = options.dvr,
          .query = key_query(options.key)};
}

/// Those who reload once per segment are still there.
Duration viewers_stay(const HlsOptions& options) {
  return std::max<Duration>(kViewersStay, 3 * std::chrono::milliseconds{options.segment_ms});
}

Error no_such_file() { return Error{ErrorCode::not_found, "the stream has no such file"}; }

class Channel final : public HlsChannel {
 public:
  Channel(Host& host, HlsOptions options)
      : host_{host},
        options_{std::move(options)},
        key_{options_.key},
        folder_{options_.folder},
        playlist_{playlist_options(options_)},
        waiting_{options_.max_waiting},
        viewers_{options_.max_viewers, viewers_stay(options_)},
        housekeeping_{host.timers().every(kHousekeeping, [this] { keep_house(); })} {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() override;

  void add(const HlsFile& file) override;
  void job_restarted(std::string folder) override;
  void serve(const HttpRequest& request, std::string_view name, HttpReply reply) override;
  void end() override;
  [[nodiscard]] std::size_t viewers() const override { return viewers_.now(); }
  [[nodiscard]] Figures figures() const override {
    return {.viewers_in_all = viewers_.in_all(), .peak_viewers = viewers_.peak(), .bytes = bytes_};
  }

 private:
  [[nodiscard]] bool publish(const HlsFile& file);
  void retire(const std::vector<std::string>& names);
  void refuse(const HlsFile& file);

  void serve_playlist(const HttpRequest& request, HttpReply reply);
  void serve_file(const HttpRequest& request, std::string_view name, HttpReply reply);
  [[nodiscard]] bool is_ready(const DeliveryDirectives& wanted) const;
  [[nodiscard]] const std::string& text(PlaylistVersion version) {
    return version == PlaylistVersion::delta ? playlist_.delta() : playlist_.text();
  }
  [[nodiscard]] HttpReply::Response response_for(const PublishedFile& file) const {
    return file_response(file, options_.dvr, key_.empty() ? Audience::everybody : Audience::who_has_the_key);
  }

  void wait(Wanted wanted, HttpReply reply);
  [[nodiscard]] bool is_settled(const Wanted& wanted) const;
  void answer(const Wanted& wanted, HttpReply& reply);
  void answer_settled();
  void give_up_late();
  void arm();

  void keep_house();
  void remove(std::vector<std::string> paths);

  Host& host_;
  const HlsOptions options_;
  const Secret key_;
  std::string folder_;  // of the job that runs
  std::string prefix_;  // of its files' names
  int run_ = 0;
  bool refused_ = false;

  Playlist playlist_;
  PublishedFiles files_;
  WaitingRequests waiting_;
  Viewers viewers_;
  std::uint64_t bytes_ = 0;

  Timer patience_;
  std::optional<Instant> patience_ends_;
  std::vector<std::string> to_remove_;
  Timer housekeeping_;
};

Channel::~Channel() {
  for (WaitingRequest& request : waiting_.take_settled([](const Wanted&) { return true; })) {
    request.reply.fail(Error{ErrorCode::not_found, "the stream is over"});
  }
  try {
    host_.background().run(
        [folder = options_.folder] {
          std::error_code ignored;  // what cannot be removed now is there when the folders are prepared the next time
          fs::remove_all(folder, ignored);
          return Ok{};
        },
        [](const JobResult<Ok>&) {});
  } catch (const Error& error) {
    host_.log().warning("the files of a stream remain on the disk",
                        {{"folder", options_.folder}, {"error", error.what()}});
  }
}

// --- What the job writes -------------------------------------------------------------------------------------------

void Channel::add(const HlsFile& file) {
  if (!publish(file)) return refuse(file);
  answer_settled();
}

bool Channel::publish(const HlsFile& file) {
  if (!PublishedFiles::is_file_name(file.name) || file.bytes < 0) return false;
  HlsFile listed = file;
  listed.name = prefix_ + file.name;
  if (!files_.add(listed.name, {.path = folder_ + "/" + file.name,
                                .content_type = content_type_of(file.kind),
                                .bytes = static_cast<std::uint64_t>(file.bytes)})) {
    return false;
  }
  const auto target = playlist_.target_duration();
  if (!playlist_.add(listed, host_.timers().wall_time())) {
    retire({listed.name});
    return false;
  }
  if (playlist_.target_duration() != target) {
    host_.log().warning("a segment is longer than the playlist promised",
                        {{"folder", options_.folder}, {"seconds", file.duration_us / 1'000'000}});
  }
  retire(playlist_.take_removed());
  return true;
}

void Channel::retire(const std::vector<std::string>& names) {
  const Instant until = host_.timers().now() + kGrace * playlist_.target_duration();
  for (const std::string& name : names) files_.retire(name, until);
}

void Channel::refuse(const HlsFile& file) {
  if (std::exchange(refused_, true)) return;
  host_.log().warning(
      "a file of the stream has no place in its playlist",
      {{"folder", options_.folder}, {"kind", to_json(file.kind)}, {"sequence", file.sequence}, {"part", file.part}});
}

void Channel::job_restarted(std::string folder) {
  folder_ = std::move(folder);
  prefix_ = std::to_string(++run_) + "-";
  refused_ = false;
  playlist_.begin_run(prefix_);
  retire(playlist_.take_removed());
  answer_settled();
}

void Channel::end() {
  playlist_.end();
  retire(playlist_.take_removed());
  answer_settled();
}

// --- Requests ------------------------------------------------------------------------------------------------------

void Channel::serve(const HttpRequest& request, std::string_view name, HttpReply reply) {
  const auto key = request.query.find("key");
  if (!key_.empty() && (key == request.query.end() || !key_.matches(key->second))) {
    return reply.fail(Error{ErrorCode::permission_denied, "the stream needs its key"});
  }
  if (name == kPlaylistName) return serve_playlist(request, std::move(reply));
  serve_file(request, name, std::move(reply));
}

void Channel::serve_playlist(const HttpRequest& request, HttpReply reply) {
  DeliveryDirectives wanted;
  if (!playlist_.ended()) {  // section 6.2.5.2: they mean nothing then
    auto read = read_directives(request.query);
    if (!read) return reply.fail(read.error());
    wanted = *read;
    if (wanted.position && playlist_.too_far(*wanted.position)) {
      return reply.fail(Error{ErrorCode::invalid_payload, "that is too far ahead", {{"path", "_HLS_msn"}}});
    }
  }
  if (is_head(request)) {
    if (playlist_.empty()) return reply.send(try_again(ErrorCode::timeout, "the stream begins"));
    return reply.send(playlist_response(text(wanted.version)));
  }
  viewers_.saw(request, host_.timers().now());
  if (is_ready(wanted)) return answer(wanted, reply);
  wait(wanted, std::move(reply));
}

void Channel::serve_file(const HttpRequest& request, std::string_view name, HttpReply reply) {
  if (const PublishedFile* const file = files_.find(name)) {
    if (!is_head(request)) bytes_ += file->bytes;
    return reply.send(response_for(*file));
  }
  if (is_head(request) || !playlist_.awaits(name)) return reply.fail(no_such_file());
  wait(HintedPart{std::string{name}}, std::move(reply));
}

bool Channel::is_ready(const DeliveryDirectives& wanted) const {
  if (playlist_.ended()) return true;
  return !playlist_.empty() && (!wanted.position || playlist_.has(*wanted.position));
}

// --- Those who wait ------------------------------------------------------------------------------------------------

void Channel::wait(Wanted wanted, HttpReply reply) {
  if (waiting_.full()) return reply.send(try_again(ErrorCode::limit_exceeded, "too many wait for the stream"));
  Duration patience = kPatience * playlist_.target_duration();
  if (playlist_.empty()) patience = std::max(patience, kStartPatience);
  waiting_.add({.wanted = std::move(wanted), .reply = std::move(reply)}, host_.timers().now() + patience);
  arm();
}

bool Channel::is_settled(const Wanted& wanted) const {
  if (const auto* const playlist = std::get_if<DeliveryDirectives>(&wanted)) return is_ready(*playlist);
  const std::string& name = std::get<HintedPart>(wanted).name;
  return files_.find(name) != nullptr || !playlist_.awaits(name);
}

void Channel::answer(const Wanted& wanted, HttpReply& reply) {
  if (const auto* const playlist = std::get_if<DeliveryDirectives>(&wanted)) {
    if (playlist_.empty()) return reply.fail(Error{ErrorCode::not_found, "the stream is over"});
    const std::string& body = text(playlist->version);
    bytes_ += body.size();
    return reply.send(playlist_response(body));
  }
  const PublishedFile* const file = files_.find(std::get<HintedPart>(wanted).name);
  if (file == nullptr) return reply.fail(no_such_file());  // section 6.2.6: the segment ended before it
  bytes_ += file->bytes;
  reply.send(response_for(*file));
}

void Channel::answer_settled() {
  for (WaitingRequest& request : waiting_.take_settled([this](const Wanted& wanted) { return is_settled(wanted); })) {
    answer(request.wanted, request.reply);
  }
  arm();
}

void Channel::give_up_late() {
  for (WaitingRequest& request : waiting_.take_late(host_.timers().now())) {
    request.reply.send(try_again(ErrorCode::timeout, "the stream does not go on"));
  }
  patience_ends_.reset();
  arm();
}

void Channel::arm() {
  const auto next = waiting_.next_deadline();
  if (next == patience_ends_) return;
  patience_ends_ = next;
  patience_.cancel();
  if (!next) return;
  patience_ = host_.timers().after(*next - host_.timers().now(), [this] { give_up_late(); });
}

// --- What is over --------------------------------------------------------------------------------------------------

void Channel::keep_house() {
  const Instant now = host_.timers().now();
  viewers_.expire(now);
  std::vector<std::string> paths = files_.take_due(now);
  std::ranges::move(paths, std::back_inserter(to_remove_));
  if (!to_remove_.empty()) remove(std::exchange(to_remove_, {}));
}

void Channel::remove(std::vector<std::string> paths) {
  try {
    host_.background().run(
        [paths] {
          std::error_code ignored;  // gone already, or it goes with the folder
          for (const std::string& path : paths) fs::remove(path, ignored);
          return Ok{};
        },
        [](const JobResult<Ok>&) {});
  } catch (const Error&) {
    to_remove_ = std::move(paths);  // too much waits: the next time
  }
}

}  // namespace

std::unique_ptr<HlsChannel> make_hls_channel(Host& host, HlsOptions options) {
  return std::make_unique<Channel>(host, std::move(options));
}

}  // namespace sluice::livestream
