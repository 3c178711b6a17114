// Creates under way: what is reserved for them (id, name, port, a place among the running), their scaffold, their end.
//
// Reserved from the moment the request is accepted, so that two at once never share a port or a name. At most two
// scaffolds run at a time, and four copies; the rest wait in order. The work belongs to this class: it goes on when the
// client is gone, and a failure, a cancel or a crash leaves no folder, no entry and no process (the journal tells the
// next start what to clear). Lives on the reactor.
#pragma once

#include "core/operations.hpp"
#include "core/orchestrator.hpp"
#include "core/progress.hpp"
#include "core/scaffolder.hpp"
#include "core/template_work.hpp"
#include "core/turns.hpp"

#include <boost/asio/steady_timer.hpp>

#include <list>
#include <memory>
#include <set>
#include <string>

namespace berth {

/// The first port of the range that is not taken (requirements section 5.1), and on which nobody listens now: Berth
/// itself, say. Or errc::no_port_available.
result<std::uint16_t> allocate_port(std::pair<std::uint16_t, std::uint16_t> range,
                                    const std::set<std::uint16_t>& taken);

class creates {
public:
    /// What makes a folder, and what starts the app in it.
    struct helpers {
        berth::operations& operations;
        template_work& templates;
        berth::scaffolder& scaffolder;
        template_store& store;
        project_tools& tools;
        turns& scaffolds;
        turns& copies;
    };
    creates(asio::any_io_executor, operations::parts, helpers, int max_running);

    /// Returns when the app is started, or why there is none. Of an adoption nothing is made: only the entry.
    task<result<std::shared_ptr<const app_view>>> create(create_options);

    /// Returns when nothing of it is left.
    task<result<operation>> cancel(std::string id);

    std::vector<operation> list() const;
    bool knows(const std::string& id) const;
    /// Ids whose folder may be there without an entry: creates under way, and what a crash left of them.
    std::set<std::string> unfinished() const;

    /// Of apps and of creates under way, but for this app: name_key().
    std::set<std::string> names_but(const std::string& id) const;

    /// Whether one more app may run now: errc::limit_reached.
    result<> room() const;

    /// Clears what a crash left of creates, as the journal tells; returns when it is known what that is.
    task<> recover();

    /// Cancels what is not started yet and returns when all has ended.
    task<> close();

private:
    struct job; // create_job.hpp

    struct claims {
        std::set<std::string> names; // name_key()
        std::set<std::uint16_t> ports;
    };
    /// What apps, other creates, and rows of pm2's that are nobody's have.
    claims taken(const std::string& but) const;
    result<std::shared_ptr<job>> accept(create_options, const std::set<std::uint16_t>& in_use);
    /// Its name and port against what a hand at manifest.json may have given away meanwhile, and a stranger have taken:
    /// another port, or an error.
    result<> claim(job&, const std::set<std::uint16_t>& in_use);
    task<result<>> look_at(adoption&);
    result<> refuse_twice(const adoption&) const;
    task<result<>> take_over(const adoption&);
    task<> work(std::shared_ptr<job>);
    task<result<>> make_folder(job&);
    task<result<>> make_next(job&);
    task<result<>> scaffold(job&, bool keep);
    task<result<>> copy(job&);
    task<result<>> enter_and_start(job&);
    /// Ends what runs of a create, and moves its folder to the trash.
    task<result<>> discard(std::string id);
    /// Its journal entry, too. False: what it left cannot be removed yet.
    task<bool> forget(std::string id);
    /// Until nothing of it is left, or Berth ends: the next one then goes on.
    void clear(std::string id);
    std::set<std::string> ids() const; // of all apps
    void stop(job&);
    std::filesystem::path directory(const std::string& id) const { return parts_.storage.app_directory(id); }

    asio::any_io_executor executor_;
    operations::parts parts_;
    helpers with_;
    int max_running_;
    std::list<std::shared_ptr<job>> jobs_; // oldest first
    int making_next_ = 0;            // scaffolds under way that will be the template
    std::set<std::string> clearing_; // ids of what creates left that failed, or that a crash cut short
    asio::steady_timer retry_;       // expires when all of these are tried again
    asio::steady_timer moved_;       // cancelled when something of these has ended, or a job was cancelled
    bool closed_ = false;
};

} // namespace berth
