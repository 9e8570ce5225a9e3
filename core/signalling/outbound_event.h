#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Bytes of one frame, shared by every connection that sends them: each connection's queue is an owner.
using SharedFrame = std::shared_ptr<const std::string>;

/// An event from the gateway to clients. It is written once per framing, at the first connection that needs it, so that
/// a broadcast to 10,000 clients is one serialisation and one buffer.
///
/// Thread-safe. The control thread creates it, connections on any thread ask for frames; the lock is held only while a
/// frame is looked up or written.
class OutboundEvent {
 public:
  // Parentheses: Boost.JSON reads data_{value} as an array of one value.
  OutboundEvent(std::string name, boost::json::value data) : name_{std::move(name)}, data_(std::move(data)) {}

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const boost::json::value& data() const noexcept { return data_; }

  /// `{"event":name,"data":data}`, what a plain WebSocket is sent.
  [[nodiscard]] SharedFrame plain_frame() const;
  /// The Engine.IO message packet of a Socket.IO EVENT: `42["name",data]`, `42/meeting,["name",data]`.
  [[nodiscard]] SharedFrame socket_io_frame(std::string_view name_space) const;

 private:
  struct NamespaceFrame {
    std::string name_space;
    SharedFrame frame;
  };

  std::string name_;
  boost::json::value data_;
  mutable std::mutex mutex_;
  mutable SharedFrame plain_;
  mutable std::vector<NamespaceFrame> socket_io_;  // one entry per namespace that is served: one or two
};

}  // namespace sluice
