using System.Text.Json;
using Decent.Canister.Client;
using Decent.Replica.Ledgers;

namespace Decent.Replica.Canisters;

/// <summary>The JSON of operator actions. Amounts are decimal text.</summary>
internal static class ControlJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Reads an action's argument.</summary>
    /// <exception cref="ControlException">Not the expected JSON.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options)
                ?? throw new ControlException("The body is empty.");
        }
        catch (JsonException malformed)
        {
            throw new ControlException("The body is not the expected JSON: " + malformed.Message);
        }
    }

    /// <summary>Reads an amount.</summary>
    /// <exception cref="ControlException">Not a positive number of units.</exception>
    public static UInt128 Units(string? text) =>
        UInt128.TryParse(text, System.Globalization.NumberStyles.None, null, out var units) && units > UInt128.Zero
            ? units
            : throw new ControlException($"'{text}' is not a positive whole number of units.");

    /// <summary>Reads bytes.</summary>
    /// <exception cref="ControlException">Not hexadecimal.</exception>
    public static byte[] Hex(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            throw new ControlException($"'{text}' is not hexadecimal.");
        }
    }

    /// <summary>Reads an account.</summary>
    /// <exception cref="ControlException">Not an account.</exception>
    public static LedgerAccount Account(string? text) =>
        IcrcAccount.TryParse(text, out var account)
            ? LedgerAccount.Of(account)
            : throw new ControlException($"'{text}' is not an ICRC-1 account.");
}
