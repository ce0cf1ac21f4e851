namespace Decent.Candid.Parsing;

internal enum DidTokenKind
{
    End,
    Id,
    Text,
    Number,
    Float,
    Symbol,
}
