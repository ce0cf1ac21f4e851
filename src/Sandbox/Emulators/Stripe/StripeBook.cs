using System.Text.Json.Nodes;

namespace Decent.Sandbox.Emulators.Stripe;

/// <summary>What Stripe knows and does: sessions, captures, refunds, the balance, and the events about them.</summary>
internal sealed class StripeBook(DocumentLog log, StripeShapes shapes, TimeProvider time)
{
    private static readonly TimeSpan ShortestSession = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LongestSession = TimeSpan.FromHours(24);
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settlement = TimeSpan.FromDays(2);
    private const long SmallestCharge = 50;
    private const long LargestCharge = 99_999_999;

    private readonly Lock _gate = new();

    /// <summary>Creates a session, or repeats the answer of the same key.</summary>
    public (int Status, string Body) CreateSession(StripeForm form, string? key) =>
        Once("/v1/checkout/sessions", form, key, () =>
    {
        if (form.Required("mode") != "payment")
        {
            throw StripeFault.Invalid("Only mode=payment is emulated.", "mode");
        }

        var unit = form.Integer("line_items[0][price_data][unit_amount]")
            ?? throw StripeFault.Invalid("Missing required param: line_items.", "line_items", "parameter_missing");
        var amount = unit * (form.Integer("line_items[0][quantity]") ?? 1);
        if (amount is < SmallestCharge or > LargestCharge)
        {
            throw StripeFault.Invalid(
                "The amount is outside what can be charged.", "line_items",
                amount < SmallestCharge ? "amount_too_small" : "amount_too_large");
        }

        var now = time.GetUtcNow();
        var expires = form.Integer("expires_at") is { } unix
            ? DateTimeOffset.FromUnixTimeSeconds(unix)
            : now + LongestSession;
        if (expires - now < ShortestSession - Leeway || expires - now > LongestSession + Leeway)
        {
            throw StripeFault.Invalid(
                "expires_at must be between 30 minutes and 24 hours after creation.", "expires_at");
        }

        var session = new Session(
            RandomText.Id("cs_test_", 40), amount,
            form.Required("line_items[0][price_data][currency]").ToLowerInvariant(),
            form["client_reference_id"], form.Hash("metadata"), form.Hash("payment_intent_data[metadata]"), "open",
            null,
            form["success_url"], form["cancel_url"], now, expires);
        return (shapes.Session(session), [session.ToDocument()]);
    });

    /// <summary>Expires an open session.</summary>
    public (int Status, string Body) Expire(string sessionId, StripeForm form, string? key) =>
        Once($"/v1/checkout/sessions/{sessionId}/expire", form, key, () =>
        {
            var session = FindSession(sessionId);
            if (session.Status != "open")
            {
                throw StripeFault.Invalid(
                    $"Only open Checkout Sessions can be expired; this one has a status of {session.Status}.");
            }

            var expired = session with { Status = "expired" };
            return (
                shapes.Session(expired),
                [expired.ToDocument(), Event("checkout.session.expired", expired.Id, shapes.Session(expired), key)]);
        });

    /// <summary>Expires what its time has come for.</summary>
    /// <returns>True when something expired.</returns>
    public bool ExpireDue()
    {
        lock (_gate)
        {
            var due = log.All<Session>(Session.Collection)
                .Where(s => s.Status == "open" && s.ExpiresAt <= time.GetUtcNow())
                .ToArray();
            foreach (var session in due.Select(s => s with { Status = "expired" }))
            {
                log.Write(
                    session.ToDocument(), Event("checkout.session.expired", session.Id, shapes.Session(session), null));
            }

            return due.Length > 0;
        }
    }

    /// <summary>The buyer pays a session; a paid session answers the same again.</summary>
    public Session Pay(string sessionId)
    {
        lock (_gate)
        {
            var session = FindSession(sessionId);
            if (session.Status == "complete")
            {
                return session;
            }

            if (session.Status != "open" || session.ExpiresAt <= time.GetUtcNow())
            {
                throw StripeFault.Invalid("This Checkout Session has expired.");
            }

            var now = time.GetUtcNow();
            var transaction = new BalanceTransaction(
                RandomText.Id("txn_"), session.Amount, Fee(session.Amount), session.Currency, "charge",
                RandomText.Id("ch_"), now, now + Settlement);
            var capture = new Capture(
                RandomText.Id("pi_"), transaction.Source, transaction.Id, session.Id, session.Amount, session.Currency,
                session.IntentMetadata, now);
            var paid = session with { Status = "complete", PaymentIntentId = capture.Id };
            log.Write(
                transaction.ToDocument(),
                capture.ToDocument(),
                paid.ToDocument(),
                Event("payment_intent.succeeded", capture.Id, shapes.PaymentIntent(capture), null),
                Event("checkout.session.completed", paid.Id, shapes.Session(paid), null),
                Event("charge.updated", capture.ChargeId, shapes.Charge(capture), null));
            return paid;
        }
    }

    /// <summary>Refunds a part or all of a PaymentIntent, or repeats the answer of the same key.</summary>
    public (int Status, string Body) CreateRefund(StripeForm form, string? key) => Once("/v1/refunds", form, key, () =>
    {
        var capture = form["payment_intent"] is { } intent
            ? FindCapture(intent)
            : log.All<Capture>(Capture.Collection).FirstOrDefault(c => c.ChargeId == form.Required("charge"))
                ?? throw StripeFault.Missing("charge", form.Required("charge"));
        var left = capture.Amount - shapes.Refunded(capture.Id);
        if (left == 0)
        {
            throw StripeFault.Invalid(
                $"Charge {capture.ChargeId} has already been refunded.", null, "charge_already_refunded");
        }

        var amount = form.Integer("amount") ?? left;
        if (amount <= 0 || amount > left)
        {
            throw StripeFault.Invalid(
                "Refund amount is not positive or greater than the unrefunded amount on the charge.", "amount");
        }

        var now = time.GetUtcNow();
        var refund = new Refund(
            RandomText.Id("re_"), capture.Id, capture.ChargeId, RandomText.Id("txn_"), amount, capture.Currency,
            form["reason"],
            form.Hash("metadata"), now);
        var transaction = new BalanceTransaction(
            refund.BalanceTransactionId, -amount, 0, capture.Currency, "refund", refund.Id, now, now);
        var charge = shapes.Charge(capture);
        charge["amount_refunded"] = capture.Amount - left + amount;
        charge["refunded"] = amount == left;
        return (StripeShapes.Refund(refund),
        [
            refund.ToDocument(), transaction.ToDocument(),
            Event("refund.created", refund.Id, StripeShapes.Refund(refund), key),
            Event("charge.refunded", capture.ChargeId, charge, key),
        ]);
    });

    /// <summary>The account's balance.</summary>
    public JsonObject Balance()
    {
        var now = time.GetUtcNow();
        var byCurrency = log.All<BalanceTransaction>(BalanceTransaction.Collection)
            .GroupBy(t => t.Currency, StringComparer.Ordinal)
            .ToArray();
        return new JsonObject
        {
            ["object"] = "balance",
            ["available"] = new JsonArray([.. byCurrency.Select(g => Amount(g, t => t.AvailableOn <= now))]),
            ["pending"] = new JsonArray([.. byCurrency.Select(g => Amount(g, t => t.AvailableOn > now))]),
            ["livemode"] = false,
        };
    }

    /// <summary>One session.</summary>
    public Session FindSession(string id) =>
        log.Find<Session>(Session.Collection, id) ?? throw StripeFault.Missing("checkout.session", id);

    /// <summary>One capture, by its PaymentIntent.</summary>
    public Capture FindCapture(string id) =>
        log.Find<Capture>(Capture.Collection, id) ?? throw StripeFault.Missing("payment_intent", id);

    private (int Status, string Body) Once(
        string path, StripeForm form, string? key, Func<(JsonObject Answer, IReadOnlyList<Document> Documents)> effect)
    {
        lock (_gate)
        {
            var digest = form.Digest(path);
            if (key is not null && log.Find<StoredAnswer>(StoredAnswer.Collection, key) is { } stored)
            {
                return stored.Digest == digest
                    ? (stored.Status, stored.Body)
                    : throw new StripeFault(
                        400, "idempotency_error", null,
                        "A key can only be used again with the parameters it was first used with.");
            }

            // A validation error throws before anything is stored, as in the real API.
            var (answer, documents) = effect();
            var body = answer.ToJsonString();
            log.Write(key is null ? documents : [.. documents, new StoredAnswer(key, digest, 200, body).ToDocument()]);
            return (200, body);
        }
    }

    private Document Event(string type, string subject, JsonObject shape, string? key)
    {
        var id = RandomText.Id("evt_");
        var body = shapes.Event(id, type, shape, time.GetUtcNow(), key).ToJsonString();
        return new Delivery(id, id, type, subject, body).ToDocument();
    }

    private static JsonObject Amount(
        IEnumerable<BalanceTransaction> transactions, Func<BalanceTransaction, bool> counts)
    {
        var all = transactions.ToArray();
        var sum = all.Where(counts).Sum(t => t.Amount - t.Fee);
        return new JsonObject
        {
            ["amount"] = sum,
            ["currency"] = all[0].Currency,
            ["source_types"] = new JsonObject { ["card"] = sum }
        };
    }

    // 2.9 % + 30 minor units, rounded half up.
    private static long Fee(long amount) => (((amount * 29) + 500) / 1000) + 30;
}
