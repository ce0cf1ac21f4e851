namespace Decent.Payments.Providers.Stripe;

/// <summary>What a failed call that would have made something tells us.</summary>
internal enum StripeFailure
{
    /// <summary>It may have happened: keep the attempt open, and ask again with the same key or look it up.</summary>
    Unknown,

    /// <summary>It did not happen and will not with these parameters.</summary>
    Refused,

    /// <summary>It did not happen; the same key may be sent again later.</summary>
    Later,

    /// <summary>It did not happen because it had happened before: look it up.</summary>
    AlreadyDone,

    /// <summary>It did not happen because our key is wrong or lacks a right; an operator must act.</summary>
    Misconfigured,
}

/// <summary>Sorts failed calls.</summary>
internal static class StripeFailures
{
    /// <summary>The class of a failure.</summary>
    /// <param name="status">HTTP status, or null when no answer came.</param>
    /// <param name="type">The error's type; null when the body was no error of Stripe.</param>
    /// <param name="code">The error's code.</param>
    public static StripeFailure Classify(int? status, string? type, string? code) => (status, type, code) switch
    {
        (null, _, _) => StripeFailure.Unknown,
        (429, _, _) => StripeFailure.Later,
        (401 or 403, not null, _) => StripeFailure.Misconfigured,

        // Another request holds the key, or the key was used with other parameters: what it did is not known here.
        (_, "idempotency_error", _) or (409, _, _) => StripeFailure.Unknown,
        ( >= 400 and < 500, not null, "charge_already_refunded") => StripeFailure.AlreadyDone,
        ( >= 400 and < 500, not null, _) => StripeFailure.Refused,
        _ => StripeFailure.Unknown,
    };
}
