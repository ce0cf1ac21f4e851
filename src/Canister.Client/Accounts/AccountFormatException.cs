namespace Decent.Canister.Client;

/// <summary>Why a text is not an account.</summary>
public enum AccountFault
{
    /// <summary>There is no text.</summary>
    Empty,

    /// <summary>The owner is not a principal (its own checksum included).</summary>
    Owner,

    /// <summary>A subaccount is written without a checksum before it.</summary>
    MissingChecksum,

    /// <summary>The checksum does not belong to owner and subaccount: a typing error.</summary>
    WrongChecksum,

    /// <summary>The subaccount is not hexadecimal, is longer than 32 bytes, or is empty.</summary>
    Subaccount,

    /// <summary>The same account has another, only correct spelling (leading zeros, capitals).</summary>
    NotCanonical,
}

/// <summary>A text is not an account.</summary>
/// <param name="fault">What is wrong with it.</param>
/// <param name="message">The same in words.</param>
public sealed class AccountFormatException(AccountFault fault, string message) : FormatException(message)
{
    /// <summary>What is wrong with the text.</summary>
    public AccountFault Fault { get; } = fault;
}
