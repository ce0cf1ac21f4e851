using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decent.Sandbox.Emulators.ICPay;

/// <summary>What ICPay knows and does: intents, payments with their transfers, and the events about them.</summary>
internal sealed class ICPayBook(
    DocumentLog log, ICPaySettings settings, ICPayShapes shapes, IICPayChain chain, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <summary>Creates an intent; nothing here is idempotent, as in the real API.</summary>
    public async Task<Intent> CreateAsync(IntentRequest request, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var ledger = FindLedger(request) ?? throw new ICPayException(400, "Unknown or missing token");
            var now = time.GetUtcNow();
            var used = log.All<Intent>(Intent.Collection).Select(i => i.IntentCode).ToHashSet();
            var code = RandomText.Code();
            while (used.Contains(code))
            {
                code = RandomText.Code();
            }

            var intent = new Intent(
                RandomText.Uuid(), code, ledger.Symbol, AskedUnits(request, ledger), request.AmountUsd, ledger.PriceUsd,
                "requires_payment", request.Metadata, request.Description, request.RelayTo, now, now);
            log.Write(intent.ToDocument(), Event("payment_intent.created", intent.Id, shapes.Intent(intent)));
            return intent;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>The renter pays: two real transfers, then the payment's last state. The same key again continues or
    /// repeats the answer.</summary>
    /// <param name="intentId">The intent.</param>
    /// <param name="paidUnits">Base units; null pays what was asked.</param>
    /// <param name="key">Another key makes a second payment of the same intent.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Payment> PayAsync(
        string intentId, BigInteger? paidUnits, string key, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var intent = log.Find<Intent>(Intent.Collection, intentId)
                ?? throw new ICPayException(404, "Payment intent not found");
            var payment = log.All<Payment>(Payment.Collection).FirstOrDefault(
                p => p.IntentId == intentId && p.Key == key)
                ?? Begin(intent, paidUnits, key);
            return await FinishAsync(intent, payment, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Ends payments that a crash left half-way.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (var payment in log.All<Payment>(Payment.Collection).Where(p => p.Status == "pending"))
        {
            await PayAsync(payment.IntentId, payment.Paid, payment.Key, cancellationToken);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _oneAtATime.Dispose();

    private Payment Begin(Intent intent, BigInteger? paidUnits, string key)
    {
        var now = time.GetUtcNow();
        var paid = paidUnits?.ToString(CultureInfo.InvariantCulture) ?? intent.Amount;
        var payment = new Payment(
            RandomText.Uuid(), intent.Id, key, RandomText.Uuid(), 800_000 + log.Count(Payment.Collection),
            intent.Amount, paid, "pending",
            Nanoseconds(now), null, null, null, now, now);
        var processing = intent with { Status = "processing", UpdatedAt = now };
        log.Write(
            processing.ToDocument(), payment.ToDocument(),
            Event("payment.created", payment.Id, shapes.EventPayment(payment, processing)));
        return payment;
    }

    private async Task<Payment> FinishAsync(Intent intent, Payment payment, CancellationToken cancellationToken)
    {
        if (payment.Status != "pending")
        {
            return payment;
        }

        var ledger = shapes.Ledger(intent.Symbol);
        var memo = ICPayMemo.Pack(settings.AccountCanisterId, intent.IntentCode);
        if (payment.ReceivedBlock is null)
        {
            var block = await chain.PayAsync(ledger, payment.Paid, memo, payment.PayTimeNs, cancellationToken);
            payment = payment with { ReceivedBlock = block, RelayTimeNs = Nanoseconds(time.GetUtcNow()) };
            log.Write(payment.ToDocument());
        }

        if (intent.RelayTo is { } to)
        {
            var block = await chain.RelayAsync(
                ledger, to, payment.Paid, memo, payment.RelayTimeNs!.Value, cancellationToken);
            payment = payment with { RelayBlock = block };
        }

        return Complete(intent, payment);
    }

    private Payment Complete(Intent intent, Payment payment)
    {
        var status = payment.PaidUnits == payment.RequestedUnits ? "completed" : "mismatched";
        var now = time.GetUtcNow();
        var done = payment with { Status = status, UpdatedAt = now };
        var settled = intent with { Status = status, UpdatedAt = now };

        // An amount that differs is an update; only the exact amount completes a payment.
        var type = status == "completed" ? "payment.completed" : "payment.updated";
        log.Write(settled.ToDocument(), done.ToDocument(), Event(type, done.Id, shapes.EventPayment(done, settled)));
        return done;
    }

    private Document Event(string type, string subject, JsonObject shape)
    {
        var id = RandomText.Id("evt_", 20);
        var body = ICPayShapes.Envelope(id, type, shape, time.GetUtcNow()).ToJsonString();
        return new Delivery(id, id, type, subject, body).ToDocument();
    }

    private ICPayLedger? FindLedger(IntentRequest request) => settings.Ledgers.FirstOrDefault(l =>
        request.TokenShortcode is { } shortcode
            ? l.Shortcode == shortcode
            : l.CanisterId == request.LedgerCanisterId && (request.Symbol is null || l.Symbol == request.Symbol));

    private static string AskedUnits(IntentRequest request, ICPayLedger ledger)
    {
        if (request.Amount is { } amount)
        {
            return BigInteger.TryParse(amount, NumberStyles.None, CultureInfo.InvariantCulture, out var units)
                && units > 0
                ? units.ToString(CultureInfo.InvariantCulture)
                : throw new ICPayException(400, "Invalid amount");
        }

        if (!DecimalText.TryParse(request.AmountUsd, out var usd) || usd.Unscaled <= 0)
        {
            throw new ICPayException(400, "Invalid amountUsd");
        }

        if (!DecimalText.TryParse(ledger.PriceUsd, out var price) || price.Unscaled <= 0)
        {
            throw new ICPayException(500, "No price");
        }

        return usd.UnitsAt(price, ledger.Decimals).ToString(CultureInfo.InvariantCulture);
    }

    private static ulong Nanoseconds(DateTimeOffset at) => (ulong)(at - DateTimeOffset.UnixEpoch).Ticks * 100;
}

/// <summary>What a caller asks for; either the base units or the USD amount is given.</summary>
internal sealed record IntentRequest(
    string? Amount, string? AmountUsd, string? TokenShortcode, string? Symbol, string? LedgerCanisterId,
    string? Description,
    string? RelayTo, JsonElement Metadata);

/// <summary>An error answer of ICPay.</summary>
internal sealed class ICPayException(int status, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;
}
