using System.Text.RegularExpressions;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Payments.Commands;
using Decent.Payments.Providers;

namespace Decent.Payments.Contracts;

/// <summary>Checks a contract as it comes from outside. Each fault has a code of its own.</summary>
internal static partial class NewContractCheck
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(3660);

    /// <summary>The price and the refund account in its canonical text, when everything is in order.</summary>
    /// <param name="contract">As it came.</param>
    /// <param name="assets">Assets of this installation.</param>
    /// <param name="now">Business time.</param>
    /// <exception cref="RefusedException">See <see cref="IContracts.CreateAsync" />.</exception>
    public static (Money Price, string? RefundAccount) Check(
        NewContract contract, AssetRegistry assets, DateTimeOffset now)
    {
        if (contract.Id is null || !ContractId().IsMatch(contract.Id))
        {
            throw Invalid("id_invalid", "id must be 1 to 64 of A-Z a-z 0-9 _ -.");
        }

        if (contract.ProviderId is null || !PartyId().IsMatch(contract.ProviderId))
        {
            throw Invalid("provider_invalid", "providerId must be 1 to 64 of A-Z a-z 0-9 _ . -.");
        }

        if (contract.RenterId is null || !PartyId().IsMatch(contract.RenterId))
        {
            throw Invalid("renter_invalid", "renterId must be 1 to 64 of A-Z a-z 0-9 _ . -.");
        }

        var price = Price(contract, assets);
        CheckTimes(contract, now);
        return (price, RefundAccount(contract.RefundAccount, assets));
    }

    private static Money Price(NewContract contract, AssetRegistry assets)
    {
        if (assets.Find(contract.Asset) is not { Kind: AssetKind.Fiat } currency)
        {
            throw Invalid("asset_unknown", "The price must be in a currency of this installation.");
        }

        if (!Money.TryParse(contract.Amount, currency, out var price))
        {
            throw Invalid("amount_invalid", "The amount must be integer text within 128 bits.");
        }

        if (!price.IsPositive)
        {
            throw Invalid("amount_not_positive", "The price must be above zero.");
        }

        return MinorUnits.ChargeStep(currency.Code) is { } step && price.Units % step == 0
            ? price
            : throw Invalid("amount_not_chargeable", $"No rail can charge {price}: it leaves a remainder.");
    }

    private static void CheckTimes(NewContract contract, DateTimeOffset now)
    {
        if (contract.ServiceStart >= contract.ServiceEnd
            || contract.ServiceEnd - contract.ServiceStart > LongestWindow
            || contract.ServiceEnd <= now)
        {
            throw Invalid(
                "window_invalid", "The service window must have a length of up to ten years and end after now.");
        }

        if (contract.PaymentDeadline <= now || contract.PaymentDeadline > contract.ServiceEnd)
        {
            throw Invalid("deadline_invalid", "The payment deadline must lie between now and the end of service.");
        }
    }

    private static string? RefundAccount(string? text, AssetRegistry assets)
    {
        if (text is null)
        {
            return null;
        }

        if (!IcrcAccount.TryParse(text, out var account) || account is null)
        {
            throw Invalid("account_invalid", "refundAccount is no ICRC-1 account, or its checksum is wrong.");
        }

        var forbidden = account.Owner.Equals(Principal.Anonymous)
            || account.Owner.Equals(Principal.ManagementCanister)
            || assets.All.Any(a => account.Owner.Equals(a.LedgerCanister));
        return forbidden
            ? throw Invalid("account_forbidden", "Nothing can be given back to this account.")
            : account.ToString();
    }

    private static RefusedException Invalid(string code, string detail) => new(code, detail, RefusalKind.Invalid);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ContractId();

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PartyId();
}
