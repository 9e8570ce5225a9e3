#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "plugins/livestream/hls/hls_channel.h"
#include "sluice/testing/fake_host.h"
#include "tests/unit/plugins/livestream/hls/hls_files.h"
#include "tests/unit/plugins/recording/temporary_folder.h"

namespace sluice::testing {

using Query = std::map<std::string, std::string, std::less<>>;

/// A channel behind a route, and a job that writes files.
class ChannelRig {
 public:
  explicit ChannelRig(livestream::HlsOptions options = {}) {
    folder = disk / "stream";
    options.folder = folder;
    std::filesystem::create_directories(folder);
    channel = livestream::make_hls_channel(host, std::move(options));
    for (const char* const method : {"GET", "HEAD"}) {
      host.http().route(method, kRoute, [this](const HttpRequest& request, HttpReply reply) {
        channel->serve(request, request.path_parameters.at("name"), std::move(reply));
      });
    }
  }

  HttpAnswer get(const std::string& name, Query query = {}, std::string remote = "203.0.113.7:5000") {
    return ask("GET", name, std::move(query), std::move(remote));
  }
  HttpAnswer head(const std::string& name, Query query = {}) {
    return ask("HEAD", name, std::move(query), "203.0.113.7:5000");
  }
  HttpAnswer playlist(Query query = {}) { return get("index.m3u8", std::move(query)); }

  void add(const HlsFile& file) {
    std::ofstream{folder + "/" + file.name} << "content";
    channel->add(file);
  }
  void add_segment(std::int64_t sequence) {
    for (int number = 0; number < 4; ++number) add(part(sequence, number));
    add(segment(sequence));
  }
  /// The format and so many whole segments.
  void begin(std::int64_t segments) {
    add(initialisation(0));
    for (std::int64_t sequence = 0; sequence < segments; ++sequence) add_segment(sequence);
  }
  void restart(int run) {
    folder = disk / ("stream/run-" + std::to_string(run));
    std::filesystem::create_directories(folder);
    channel->job_restarted(folder);
  }
  [[nodiscard]] bool on_disk(const std::string& name) const { return std::filesystem::exists(folder + "/" + name); }

  TemporaryFolder disk;
  FakeHost host;
  std::string folder;  ///< of the job that runs
  std::unique_ptr<livestream::HlsChannel> channel;

 private:
  static constexpr std::string_view kRoute = "/live/{room}/{name}";

  HttpAnswer ask(std::string_view method, const std::string& name, Query query, std::string remote) {
    HttpRequest request;
    request.path_parameters["name"] = name;
    request.query = std::move(query);
    request.remote_address = std::move(remote);
    return host.http().call(method, kRoute, std::move(request));
  }
};

}  // namespace sluice::testing
