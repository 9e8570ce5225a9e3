#pragma once

#include <memory>
#include <string>

#include "access.h"
#include "addresses.h"
#include "context.h"
#include "sluice/http.h"

namespace sluice::recording {

/// The files of products: by a ticket, or by a token of who may see the recording.
class Downloads {
 public:
  Downloads(Context& context, Access& access, Addresses& addresses)
      : context_{context}, access_{access}, addresses_{addresses} {}

  /// @param name  Of the file; empty: the recording itself. `?download=1`: to be saved, under the recording's title.
  void serve(const HttpRequest& request, const std::string& recording_id, const std::string& name, HttpReply reply);

 private:
  using Kept = std::shared_ptr<HttpReply>;
  void serve_by_ticket(const HttpRequest& request, const std::string& recording_id, const std::string& name,
                       const std::string& ticket, Kept reply);
  void send(const Record& record, const std::string& name, bool save, Kept reply);

  Context& context_;
  Access& access_;
  Addresses& addresses_;
};

}  // namespace sluice::recording
